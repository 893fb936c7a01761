import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli, hostSnapshot, restoresHost, scratchFolder, topologyFile } from '../support/cli.js';
import { isLong } from '../support/random.js';

/** Labs that come and go many times, and many at once: the host is as it was, and nothing in it grows. */

restoresHost();
const folder = scratchFolder();

const CYCLES = isLong ? 200 : 3;
const LABS = isLong ? 20 : 4;
const NAMES = ['namespace-cable', 'ovs-patch-panel', 'bridge-eats-lldp'];

/** Daemons of this private host that labs work with. */
const DAEMONS = ['ovs-vswitchd', 'ovsdb-server', 'libvirtd', 'virtlogd'];

interface Use {
  readonly processes: number;
  /** Descriptors, and resident kibibytes, of each daemon. */
  readonly descriptors: Readonly<Record<string, number>>;
  readonly kibibytes: Readonly<Record<string, number>>;
  /** Entries of the folders in which patchlab and its programs work. */
  readonly files: readonly string[];
}

async function use(): Promise<Use> {
  // The shell that has started the programs of a patchlab ends a moment after it, with its folder.
  await expect
    .poll(() => listed('/run').filter((path) => path.startsWith('/run/patchlab')), {
      timeout: 10_000,
    })
    .toEqual([]);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const daemons = pids.flatMap((pid): (readonly [string, string])[] => {
    const name = fileIn(pid, 'comm').trim();
    return DAEMONS.includes(name) ? [[name, pid]] : [];
  });
  const byName = (read: (pid: string) => number) =>
    Object.fromEntries(daemons.map(([name, pid]) => [`${name} ${pid}`, read(pid)]));
  const resident = (pid: string) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(fileIn(pid, 'status'))?.[1] ?? 0);
  return {
    processes: pids.filter((pid) => fileIn(pid, 'cmdline') !== '').length,
    descriptors: byName((pid) => readdirSync(`/proc/${pid}/fd`).length),
    kibibytes: byName(resident),
    files: ['/run', '/dev/shm', '/dev/shm/tmp', '/run/netns', '/var/lib/patchlab'].flatMap(listed),
  };
}

function fileIn(pid: string, name: string): string {
  try {
    return readFileSync(join('/proc', pid, name), 'utf8');
  } catch {
    return '';
  }
}

function listed(path: string): readonly string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    return [];
  }
}

/** What of a daemon's use may vary from time to time, beyond what it was after the first lab. */
const ROOM = { descriptors: 4, kibibytes: 16_384 } as const;

function expectNoGrowth(before: Use, after: Use): void {
  expect(after.files).toEqual(before.files);
  expect(after.processes).toBeLessThanOrEqual(before.processes);
  for (const what of ['descriptors', 'kibibytes'] as const) {
    expect(Object.keys(after[what])).toEqual(Object.keys(before[what]));
    for (const [daemon, most] of Object.entries(before[what]))
      expect(after[what][daemon], `${what} of ${daemon}`).toBeLessThanOrEqual(most + ROOM[what]);
  }
}

async function done(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await cli(args);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
}

async function cycle(name: string): Promise<void> {
  await done('up', name);
  await done('down', name);
}

it(`nothing grows in ${CYCLES} rounds of up and down`, async () => {
  const host = await hostSnapshot();
  // Daemons take what they keep with the first of each.
  for (const name of NAMES) await cycle(name);
  const before = await use();
  for (let round = 0; round < CYCLES; round += 1) {
    await cycle(NAMES[round % NAMES.length] ?? '');
    expect(await hostSnapshot()).toBe(host);
  }
  const after = await use();
  if (isLong) process.stdout.write(`${JSON.stringify({ before, after })}\n`);
  expectNoGrowth(before, after);
}, 3_600_000);

it(`${LABS} labs at once are built, proved and removed beside each other`, async () => {
  const before = await use();
  const host = await hostSnapshot();
  const text = (name: string): string => `name: ${name}
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: ovs-panel, patches: [[a:eth1, b:eth1]] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
verify:
  - { probe: icmp, from: a, to: b }
  - { probe: lldp, from: a:eth1, to: b:eth1 }
`;
  const labs = Array.from({ length: LABS }, (_, at) => `soak-${at}`);
  const files = await Promise.all(
    labs.map((lab) => topologyFile(folder, `${lab}.yaml`, text(lab))),
  );
  await Promise.all(files.map((file) => done('up', file)));
  await Promise.all(labs.map((lab) => done('verify', lab)));
  await Promise.all(labs.map((lab) => done('down', lab)));
  expect(await hostSnapshot()).toBe(host);
  expectNoGrowth(before, await use());
}, 3_600_000);
