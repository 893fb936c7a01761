import { createReadStream } from 'node:fs';
import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openVirshShell } from '../apply/hosts/virsh-shell.js';
import type { Libvirt } from '../apply/libvirt.js';
import { PatchlabError } from '../errors.js';
import { ONLY_DEVICES, openMonitor, type Monitor } from './monitor.js';
import { onMemoryFile } from './shape.js';
import type { WarmState } from './warm.js';

/** Milliseconds for QEMU to take in a state without the memory, which takes some ten. */
const READ_TIME = 30_000;

/**
 * Create a domain that goes on from a stored state in place of booting. It runs when this returns; its
 * memory is the stored file, and a copy of each page that it changes. It still has the state's identity: see
 * `giveIdentity`. A reboot inside boots it by its own XML.
 * On an error the domain may be there; whoever has called destroys it.
 * @param xml - as for a cold start, of the state's shape
 * @throws PatchlabError `libvirt/failed` with QEMU's own text where the state does not fit
 */
export async function startWarm(
  domain: { readonly name: string; readonly xml: string },
  state: WarmState,
  libvirt: Libvirt,
): Promise<void> {
  const shell = openVirshShell();
  const folder = await mkdtemp(join(tmpdir(), 'patchlab-warm-'));
  try {
    // QEMU makes the socket, so the folder belongs to whom the memory belongs: the domains' user.
    const { uid, gid } = await stat(state.memory);
    await chown(folder, uid, gid);
    const memory = { path: state.memory, mib: state.mib, share: false };
    // Meanwhile virsh starts and connects, which takes as long as all that it is needed for.
    const connected = shell.run(['uri'], READ_TIME);
    connected.catch(() => undefined);
    await libvirt.create(onMemoryFile(domain.xml, memory, true));
    await connected;
    const monitor = openMonitor(shell, domain.name);
    const socket = join(folder, 'state');
    await monitor('migrate-set-capabilities', ONLY_DEVICES);
    await monitor('migrate-incoming', { uri: `unix:${socket}` });
    await pipeline(createReadStream(state.devices), createConnection(socket));
    await awaitRunning(monitor, domain.name);
  } finally {
    shell.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function awaitRunning(monitor: Monitor, domain: string): Promise<void> {
  const end = performance.now() + READ_TIME;
  for (;;) {
    const { status } = (await monitor('query-migrate')) as { status?: string };
    if (status === 'completed') return;
    if (status === 'failed' || performance.now() > end) {
      throw new PatchlabError('libvirt/failed', {
        what: `Domain \`${domain}\` could not go on from its stored state (${status ?? 'not begun'}).`,
      });
    }
    await sleep(2);
  }
}
