import { setTimeout as sleep } from 'node:timers/promises';
import type { VirshShell } from '../apply/hosts/virsh-shell.js';
import { PatchlabError } from '../errors.js';

/** Milliseconds for one answer. */
const ANSWER = 10_000;

/** Milliseconds to write or to read a state without the memory, which takes some ten. */
const TRANSFER = 30_000;

/** What the file is called in QEMU: the fd of `getfd`. */
const FILE = 'patchlab-state';

/** QEMU's own protocol (qemu-qmp-ref(7)) to a domain of libvirt: its state goes through a descriptor. */
export interface Monitor {
  /** Write out the state of the domain but for its memory, which is a shared file; the domain stops. */
  save(): Promise<void>;
  /** Read such a state into a domain that waits for one. It runs when this returns. */
  load(): Promise<void>;
}

/**
 * Reach QEMU's monitor through libvirt.
 * @param shell - was started with what the state is written to or read from; QEMU gets it open, and need not be
 *   allowed to open it by a name
 */
export function openMonitor(domain: string, shell: VirshShell): Monitor {
  /** One command. @throws PatchlabError `libvirt/failed` with QEMU's own text */
  const run = async (execute: string, args?: object, ...options: string[]): Promise<unknown> => {
    const text = JSON.stringify({ execute, ...(args && { arguments: args }) });
    const answer = await shell.run(['qemu-monitor-command', domain, ...options, text], ANSWER);
    const said = JSON.parse(answer) as { return?: unknown; error?: { desc: string } };
    if (!said.error) return said.return;
    throw failed(domain, execute, said.error.desc);
  };
  const transfer = async (execute: 'migrate' | 'migrate-incoming'): Promise<void> => {
    const capabilities = [{ capability: 'x-ignore-shared', state: true }];
    await run('migrate-set-capabilities', { capabilities });
    // After its state QEMU would send frames with the address of each NIC, to tell switches where it is now.
    await run('migrate-set-parameters', { 'announce-rounds': 0 });
    await run('getfd', { fdname: FILE }, '--pass-fds', '3');
    await run(execute, { uri: `fd:${FILE}` });
    const end = performance.now() + TRANSFER;
    for (;;) {
      const { status, 'error-desc': why } = (await run('query-migrate')) as MigrationInfo;
      if (status === 'completed') return;
      if (status === 'failed' || performance.now() > end)
        throw failed(domain, execute, why ?? `The transfer is ${status ?? 'not begun'}.`);
      await sleep(2);
    }
  };
  return { save: () => transfer('migrate'), load: () => transfer('migrate-incoming') };
}

interface MigrationInfo {
  readonly status?: string;
  readonly 'error-desc'?: string;
}

const failed = (domain: string, execute: string, why: string): PatchlabError =>
  new PatchlabError('libvirt/failed', {
    what: `QEMU did not do \`${execute}\` for domain \`${domain}\`.`,
    why,
  });
