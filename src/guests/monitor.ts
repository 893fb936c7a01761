import type { VirshShell } from '../apply/hosts/virsh-shell.js';
import { PatchlabError } from '../errors.js';

/** One command of QEMU's own protocol (qemu-qmp-ref(7)) to a domain of libvirt; gives its `return` value. */
export type Monitor = (execute: string, args?: object) => Promise<unknown>;

/** Milliseconds for one answer. */
const ANSWER = 10_000;

/** Arguments of `migrate-set-capabilities`: leave out memory that is a shared file. Both ends must say so. */
export const ONLY_DEVICES = {
  capabilities: [{ capability: 'x-ignore-shared', state: true }],
} as const;

/**
 * Reach QEMU's monitor through libvirt.
 * @throws PatchlabError `libvirt/failed` with QEMU's own text
 */
export const openMonitor =
  (shell: VirshShell, domain: string): Monitor =>
  async (execute, args) => {
    const text = JSON.stringify({ execute, ...(args && { arguments: args }) });
    const answer = await shell.run(['qemu-monitor-command', domain, text], ANSWER);
    const said = JSON.parse(answer) as { return?: unknown; error?: { desc: string } };
    if (!said.error) return said.return;
    throw new PatchlabError('libvirt/failed', {
      what: `QEMU did not do \`${execute}\` for domain \`${domain}\`.`,
      why: said.error.desc,
    });
  };
