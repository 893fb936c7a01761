import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PatchlabError } from '../errors.js';
import type { LabHosts } from './hosts/index.js';

/** Milliseconds that a guest has to boot; without KVM and on a busy machine it is slow. */
const DEADLINE = 120_000;
/** Milliseconds between two questions. While the agent is not there libvirt answers at once. */
const PAUSE = 150;
/** Seconds for an answer of an agent that is there. */
const ANSWER = 5;
const TAIL_LINES = 12;

/**
 * Wait until the agent of a domain answers.
 * @throws PatchlabError `guest/died` as soon as the domain no longer runs, `guest/agent` at the deadline (milliseconds)
 */
export async function awaitAgent(
  hosts: LabHosts,
  domain: string,
  signal: AbortSignal,
  deadline = DEADLINE,
): Promise<void> {
  const end = performance.now() + deadline;
  const xml = await hosts.libvirt.xml(domain);
  for (;;) {
    signal.throwIfAborted();
    const refusal = await ping(hosts, domain);
    if (refusal === undefined) return;
    const state = await hosts.libvirt.state(domain);
    if (state === undefined || GONE.has(state)) {
      throw new PatchlabError('guest/died', {
        what: `Domain \`${domain}\` stopped before its agent answered (${state ?? 'it is gone'}).`,
        ...(await tail(domain, xml)),
      });
    }
    if (performance.now() > end) {
      const log = await tail(domain, xml);
      throw new PatchlabError('guest/agent', {
        what: `The agent of domain \`${domain}\` did not answer within ${deadline / 1000} s; the domain is ${state}.`,
        why: [refusal, log.why ?? []].flat().join('\n'),
      });
    }
    await sleep(PAUSE, undefined, { signal });
  }
}

const GONE: ReadonlySet<string> = new Set(['shut off', 'crashed', 'in shutdown']);

/** Ask once. @returns why there was no answer, or nothing */
async function ping(hosts: LabHosts, domain: string): Promise<string | undefined> {
  try {
    await hosts.agent(domain).command('guest-ping', z.unknown(), { seconds: ANSWER });
    return undefined;
  } catch (error) {
    if (error instanceof PatchlabError) return error.why ?? error.what;
    throw error;
  }
}

/** The end of what the guest wrote on its console, where that goes to a file, else of QEMU's own log. */
async function tail(domain: string, xml = ''): Promise<{ readonly why?: string }> {
  const console =
    /<log file='([^']+)'/.exec(xml) ??
    /<(?:serial|console) type='file'[^>]*>\s*<source path='([^']+)'/.exec(xml);
  const path = console?.[1] ?? `/var/log/libvirt/qemu/${domain}.log`;
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES);
  return text === '' ? {} : { why: `The end of ${path}:\n${lines.join('\n')}` };
}
