import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PatchlabError } from '../errors.js';
import { guestLogText } from './guest-log.js';
import type { LabHosts } from './hosts/index.js';

/** Milliseconds that a guest has to boot; without KVM and on a busy machine it is slow. */
const DEADLINE = 120_000;
/** Milliseconds between two questions. While the agent is not there libvirt answers at once. */
const PAUSE = 150;
/** Seconds for an answer of an agent that is there. */
const ANSWER = 5;

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
  for (;;) {
    signal.throwIfAborted();
    const refusal = await ping(hosts, domain);
    if (refusal === undefined) return;
    const state = await hosts.libvirt.state(domain);
    if (state === undefined || GONE.has(state)) {
      const why = await guestLogText(domain);
      throw new PatchlabError('guest/died', {
        what: `Domain \`${domain}\` stopped before its agent answered (${state ?? 'it is gone'}).`,
        ...(why !== undefined && { why }),
      });
    }
    if (performance.now() > end) {
      throw new PatchlabError('guest/agent', {
        what: `The agent of domain \`${domain}\` did not answer within ${deadline / 1000} s; the domain is ${state}.`,
        why: [refusal, (await guestLogText(domain)) ?? []].flat().join('\n'),
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
