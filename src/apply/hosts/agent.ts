import { PatchlabError } from '../../errors.js';
import { openVirshShell, type VirshShell } from './virsh-shell.js';

/** Seconds that an agent has for one answer; a guest under TCG on a busy machine is slow. */
const ANSWER = 20;

/** The QEMU guest agent of one domain: qemu-ga(8), https://qemu.readthedocs.io/en/latest/interop/qemu-ga-ref.html */
export interface Agent {
  readonly domain: string;
  /** What it is reached through, for other commands to the same domain. */
  readonly shell: VirshShell;
  /**
   * One command of the agent's protocol.
   * @param seconds - time for the answer
   * @returns the answer's `return` value
   * @throws PatchlabError `guest/agent` with libvirt's or the agent's own text
   */
  command(execute: string, args?: object, seconds?: number): Promise<unknown>;
  close(): void;
}

/** Reach the agent of a domain through libvirt; nothing is started before the first command. */
export function openAgent(domain: string): Agent {
  const shell = openVirshShell();
  return {
    domain,
    shell,
    async command(execute, args, seconds = ANSWER) {
      const text = JSON.stringify({ execute, ...(args && { arguments: args }) });
      const words = ['qemu-agent-command', domain, text, '--timeout', String(seconds)];
      const answer = await shell.run(words, seconds * 1000).catch((error: unknown) => {
        throw noAnswer(domain, execute, error);
      });
      return (JSON.parse(answer) as { return: unknown }).return;
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
