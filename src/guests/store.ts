import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { awaitAgent } from '../apply/await-agent.js';
import { commandFailed } from '../apply/command.js';
import { openHosts } from '../apply/hosts/index.js';
import type { Host } from '../apply/hosts/define.js';
import { openVirshShell } from '../apply/hosts/virsh-shell.js';
import { PatchlabError } from '../errors.js';
import type { Domain } from '../plan/step.js';
import { RESEED, storedNic } from './identity.js';
import type { Work } from './packages.js';
import { openMonitor, ONLY_DEVICES, type Monitor } from './monitor.js';
import { reseedProgram } from './reseed.js';
import { onMemoryFile } from './shape.js';

export interface StoreTo {
  readonly memory: string;
  readonly mib: number;
  readonly devices: string;
  readonly nics: number;
}

/** Milliseconds for QEMU to write out a state without the memory, which takes some ten. */
const WRITE_TIME = 30_000;

/** Boot a domain with its memory in a file, let it settle, write out the rest of its state, and end it. */
export async function storeGuest(
  domain: Omit<Domain, 'node'>,
  to: StoreTo,
  work: Work,
): Promise<void> {
  const hosts = openHosts({ domains: [{ ...domain, node: 'warm' }] });
  const shell = openVirshShell();
  try {
    const memory = { path: to.memory, mib: to.mib, share: true };
    await hosts.libvirt.create(onMemoryFile(domain.xml, memory, false));
    await awaitAgent(hosts, domain.name, work.signal ?? new AbortController().signal);
    await settle(hosts.at({ host: 'guest:warm' }), to.nics);
    await writeDevices(openMonitor(shell, domain.name), to.devices);
  } finally {
    await hosts.libvirt.destroy(domain.uuid);
    await rm(`/var/log/libvirt/qemu/${domain.name}.log`, { force: true });
    shell.close();
    await hosts.close();
  }
}

/** Bring a guest to where every guest of its shape can go on: cards down, caches dropped, console ready. */
async function settle(guest: Host, nics: number): Promise<void> {
  const octal = Array.from(reseedProgram(), (byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  const script = [
    'set -e',
    ...Array.from({ length: nics }, (_, index) => `ip link set dev ${storedNic(index)} down`),
    `printf '${octal.join('')}' >${RESEED}`,
    `chmod 755 ${RESEED}`,
    // Tried here, so that a guest that cannot do it is never stored.
    `${RESEED} </dev/urandom`,
    'until pidof bash >/dev/null; do sleep 0.1; done',
    'sync',
    'echo 3 >/proc/sys/vm/drop_caches',
  ];
  const result = await guest.run({
    argv: ['sh'],
    input: `${script.join('\n')}\n`,
    timeout: WRITE_TIME,
  });
  if (result.exitCode !== 0) throw commandFailed(result);
}

async function writeDevices(monitor: Monitor, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'patchlab-warm-'));
  const socket = join(folder, 'state');
  const server = createServer();
  try {
    await chmod(folder, 0o711);
    const written = receive(server, file);
    // Its failure is told by the wait below, or by the monitor before.
    written.catch(() => undefined);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    await chmod(socket, 0o666);
    await monitor('migrate-set-capabilities', ONLY_DEVICES);
    // The domain keeps running until QEMU stops it, so that the state says `running`.
    await monitor('migrate', { uri: `unix:${socket}` });
    const end = performance.now() + WRITE_TIME;
    for (;;) {
      const { status } = (await monitor('query-migrate')) as { status?: string };
      if (status === 'completed') break;
      if (status === 'failed' || performance.now() > end) {
        throw new PatchlabError('guest/build', {
          what: `QEMU could not write out the state of a guest (${status ?? 'not begun'}).`,
        });
      }
      await sleep(10);
    }
    await written;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const receive = (server: Server, file: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('connection', (connection) => {
      pipeline(connection, createWriteStream(file, { mode: 0o644 })).then(resolve, reject);
    });
  });
