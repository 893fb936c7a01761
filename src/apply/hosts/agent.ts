import type { z } from 'zod';
import { messageOf, PatchlabError } from '../../errors.js';
import { libvirtUri } from '../libvirt.js';
import { openVirshShell, type VirshShell } from './virsh-shell.js';

/** Seconds that an agent has for one answer; a guest under TCG on a busy machine is slow. */
const ANSWER = 20;

/** The QEMU guest agent of one domain: qemu-ga(8), https://qemu.readthedocs.io/en/latest/interop/qemu-ga-ref.html */
export interface Agent {
  readonly domain: string;
  /** What it is reached through, for other commands to the same domain. */
  readonly shell: VirshShell;
  /**
   * One command of the agent's protocol. What comes out of a guest is a stranger's text: it is held against a schema.
   * @returns the answer's `return` value
   * @throws PatchlabError `guest/agent` with libvirt's or the agent's own text, or with what is wrong with the answer
   */
  command<T>(execute: string, answer: z.ZodType<T>, options?: AgentOptions): Promise<T>;
  close(): void;
}

interface AgentOptions {
  readonly args?: object;
  /** Time for the answer. */
  readonly seconds?: number;
}

/** Reach the agent of a domain through libvirt; nothing is started before the first command. */
export function openAgent(domain: string): Agent {
  const shell = openVirshShell(libvirtUri());
  return {
    domain,
    shell,
    async command(execute, answer, { args, seconds = ANSWER } = {}) {
      const text = JSON.stringify({ execute, ...(args && { arguments: args }) });
      const words = ['qemu-agent-command', domain, text, '--timeout', String(seconds)];
      const said = await shell.run(words, seconds * 1000).catch((error: unknown) => {
        throw noAnswer(domain, execute, error);
      });
      return parseAnswer(domain, execute, said, answer);
    },
    close: () => shell.close(),
  };
}

const noAnswer = (domain: string, execute: string, cause: unknown): PatchlabError =>
  new PatchlabError('guest/agent', {
    what: `The guest agent of domain \`${domain}\` did not do \`${execute}\`.`,
    ...(cause instanceof PatchlabError && cause.why !== undefined && { why: cause.why }),
    cause,
  });

/** Take an agent's answer apart. @throws PatchlabError `guest/agent` for one that no agent gives */
export function parseAnswer<T>(
  domain: string,
  execute: string,
  said: string,
  answer: z.ZodType<T>,
): T {
  let value: unknown;
  try {
    value = JSON.parse(said);
  } catch (error) {
    throw nonsense(domain, execute, messageOf(error));
  }
  const returned: unknown = (value as { return?: unknown } | null)?.return;
  const result = answer.safeParse(returned);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = ['return', ...(issue?.path ?? [])].join('.');
  throw nonsense(domain, execute, `${path}: ${issue?.message ?? ''}`);
}

const nonsense = (domain: string, execute: string, why: string): PatchlabError =>
  new PatchlabError('guest/agent', {
    what: `The guest agent of domain \`${domain}\` answers \`${execute}\` with what no agent says.`,
    why,
    fix: 'Trust nothing that comes out of this guest; restart it with `patchlab down` and `patchlab up`.',
  });
