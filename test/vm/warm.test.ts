import { chmod, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../src/guests/cache.js';
import { sha256, type StateManifest } from '../../src/guests/states.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  topologyFile,
  verify,
} from '../support/cli.js';

/** Guests that start from the stored state of their shape, through the command line, on real QEMU. */

const cache = scratchFolder();
const states = join(cache, 'states');
const cacheBefore = process.env.PATCHLAB_CACHE;
const program = new URL('../../bin/patchlab', import.meta.url).pathname;
const NOTE = 'booting mini once';
const name = `wrm-${process.pid.toString(36)}`;

/** Two guests on a cable of each kind that a guest can have, all of one shape but for what they are plugged into. */
const lab = (called: string) => `name: ${called}
nodes:
  a: { kind: vm, addresses: { eth1: 10.1.0.1/24, eth0: 10.2.0.1/24 }, ports: { eth1: {}, eth0: {} } }
  b: { kind: vm, addresses: { eth1: 10.1.0.2/24, eth0: 10.2.0.2/24 } }
links:
  - { kind: macvtap, mode: private, allmulticast: true, ends: [a:eth1, b:eth1] }
  - { kind: udp, ends: [a:eth0, b:eth0] }
`;
/** One guest, which is all that the state itself needs. */
const small = (called: string) => `name: ${called}\nnodes: { a: { kind: vm } }\nlinks: []\n`;
let file: string;
let before: string;

beforeAll(async () => {
  await cli(['guest', 'build', 'mini']);
  await chmod(cache, 0o711);
  await symlink(join(cacheFolder(), 'guests'), join(cache, 'guests'));
  process.env.PATCHLAB_CACHE = cache;
  file = await topologyFile(cache, 'lab.yaml', lab(name));
});

afterAll(() => {
  if (cacheBefore === undefined) delete process.env.PATCHLAB_CACHE;
  else process.env.PATCHLAB_CACHE = cacheBefore;
});

beforeEach(async () => {
  before = await hostSnapshot();
});

afterEach(async () => {
  await cli(['down', name]);
  await expectHostAsBefore(before);
});

const up = async (...args: string[]) => {
  const { exitCode, result } = await cliJson('up', file, ...args);
  return [exitCode, result.guests.map(({ node, start }) => `${node} ${start}`)];
};
const WARM = [0, ['a warm', 'b warm']];

/** What a shell command says in each guest. */
const both = (command: string): Promise<string[]> =>
  Promise.all(
    ['a', 'b'].map(async (node) => {
      const argv = ['exec', '--lab', name, node, '--', 'sh', '-c', command];
      const { exitCode, stdout, stderr } = await cli(argv);
      expect([exitCode, stderr]).toEqual([0, '']);
      return stdout;
    }),
  );

async function proved(): Promise<void> {
  const { exitCode, verdicts } = await verify(name);
  expect(verdicts.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(exitCode).toBe(0);
}

/** The only state that is stored. */
async function onlyState(): Promise<string> {
  const keys = await readdir(states);
  expect(keys).toHaveLength(1);
  return join(states, keys[0] ?? '');
}

describe('two guests from one stored state', () => {
  it('are guests of their own, and prove their cables', async () => {
    expect(await up()).toEqual(WARM);
    const { result } = await cliJson('status', name);
    const nodes = 'nodes' in result ? result.nodes : [];
    expect(nodes.map(({ state }) => state)).toEqual(['running', 'running']);
    expect(await both('cat /proc/sys/kernel/hostname')).toEqual(['a', 'b']);
    for (const port of ['eth0', 'eth1']) {
      const macs = nodes.map(({ ports }) => ports.find((one) => one.name === port)?.mac);
      expect(await both(`cat /sys/class/net/${port}/address`)).toEqual(macs);
      const permanent = macs.map((mac) => `Permanent address: ${mac}`);
      expect(await both(`ethtool -P ${port}`)).toEqual(permanent);
    }
    for (const secret of [
      'cat /etc/machine-id',
      'cat /proc/sys/kernel/random/boot_id',
      'head -c 16 /dev/urandom | od -An -tx1',
      'ip link add d0 type dummy; cat /sys/class/net/d0/address',
    ]) {
      const [a, b] = await both(secret);
      expect(a).toMatch(/^[0-9a-f :-]{17,}$/);
      expect(b).not.toBe(a);
    }
    for (const time of await both('date +%s'))
      expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(10);
    await proved();
  });

  it('have a console with a shell of their own', async () => {
    expect(await up()).toEqual(WARM);
    // script(1) is the terminal that a console wants; Ctrl-] leaves it.
    const console = execa('script', [
      ...['-qec', `${program} console --lab ${name} b`, '/dev/null'],
    ]);
    let said = '';
    console.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    // virsh knows the Ctrl-] only where it comes alone, so nothing is typed once the answer is there.
    const type = (text: string, answer: RegExp): Promise<void> =>
      expect
        .poll(
          () => {
            if (!answer.test(said)) console.stdin.write(text);
            return said;
          },
          { timeout: 180_000, interval: 2000 },
        )
        .toMatch(answer);
    await type('\r', /b:\/# /);
    await type('echo $((40 + 2)) $HOSTNAME\r', /^42 b\r?$/m);
    console.stdin.end('\x1d');
    expect((await console).exitCode).toBe(0);
  });

  it('have the offloads of what they are plugged into, as if they had booted', async () => {
    const offloads = 'for port in eth0 eth1; do ethtool -k $port; done';
    await up();
    const warm = await both(offloads);
    await cli(['down', name]);
    expect(await up('--cold')).toEqual([0, ['a cold', 'b cold']]);
    expect(warm[0]).toContain('tx-checksum-ip-generic: on');
    expect(warm[0]).toContain('tx-checksum-ip-generic: off [fixed]');
    expect(warm).toEqual(await both(offloads));
  });

  it('go on when the state is removed, boot as themselves when they restart, and are stored anew for the next', async () => {
    expect(await up()).toEqual(WARM);
    expect(await cliJson('up', file)).toMatchObject({ result: { changed: false, guests: [] } });
    const state = await onlyState();
    const pruned = await cliJson('guest prune', '--all');
    expect(pruned.result.states).toMatchObject([{ folder: state, use: 'current', nics: 2 }]);
    // The image is used by the lab.
    expect(pruned.result.images).not.toContainEqual(
      expect.objectContaining({ name: 'mini', use: 'current' }),
    );
    await rm(states, { recursive: true });
    await both('cat /usr/*bin/* /usr/lib/x86*/* >/dev/null');
    await proved();

    await cli([
      'exec',
      '--lab',
      name,
      'a',
      '--',
      'sh',
      '-c',
      'touch /run/here; setsid sh -c "sleep 1; reboot -f" &',
    ]);
    const rebooted = async () => (await both('cat /proc/cmdline; ls /run'))[0];
    await expect
      .poll(rebooted, { timeout: 180_000, interval: 1000 })
      .toMatch(/patchlab\.hostname=a(?![^]*here)/);
    await cli(['down', name]);
    expect(await up()).toEqual(WARM);
  });
});

describe('a stored state', () => {
  beforeAll(async () => {
    await rm(states, { recursive: true, force: true });
    file = await topologyFile(cache, 'small.yaml', small(name));
  });

  it('that was changed is found out, and made anew', async () => {
    await up();
    await cli(['down', name]);
    const state = await onlyState();
    const manifest = await readFile(join(state, 'manifest.json'), 'utf8');
    for (const part of ['memory', 'devices']) {
      const bytes = await readFile(join(state, part));
      // One bit, somewhere in the middle.
      const at = bytes.findIndex((byte, index) => index > bytes.length / 2 && byte !== 0);
      bytes[at]! ^= 1;
      await writeFile(join(state, part), bytes);
      const { result } = await cliJson('guest list');
      expect(result.states).toMatchObject([{ use: 'damaged' }]);
      const { exitCode, stderr } = await cli(['up', file]);
      expect([exitCode, stderr.includes(NOTE)]).toEqual([0, true]);
      expect(await readFile(join(state, 'manifest.json'), 'utf8')).not.toBe(manifest);
      await cli(['down', name]);
    }
  });

  it('that QEMU refuses leads to guests that boot, and that say why', async () => {
    await up();
    await cli(['down', name]);
    const state = await onlyState();
    const devices = join(state, 'devices');
    const bytes = await readFile(devices);
    await writeFile(devices, bytes.subarray(0, bytes.length / 2));
    const manifest = JSON.parse(
      await readFile(join(state, 'manifest.json'), 'utf8'),
    ) as StateManifest;
    const sums = { ...manifest.sha256, devices: await sha256(devices) };
    await writeFile(join(state, 'manifest.json'), JSON.stringify({ ...manifest, sha256: sums }));
    const { exitCode, result } = await cliJson('up', file);
    expect([exitCode, result.guests]).toMatchObject([0, [{ node: 'a', start: 'cold' }]]);
    expect(result.guests[0]?.why).toMatch(/QEMU|virsh/);
    expect((await cli(['exec', '--lab', name, 'a', '--', 'hostname'])).stdout).toBe('a');
    await rm(state, { recursive: true });
  });

  it('that cannot be written leads to guests that boot, and that say why', async () => {
    await rm(states, { recursive: true, force: true });
    await writeFile(states, 'in the way');
    const { exitCode, stdout, stderr } = await cli(['up', file]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('is up');
    expect(stderr).toMatch(/^a boots: it could not start warm\. .*states/m);
    await rm(states);
  });

  it('is made once where two labs want it at the same time', async () => {
    await rm(states, { recursive: true, force: true });
    const other = `${name}-2`;
    const otherFile = await topologyFile(cache, 'other.yaml', small(other));
    try {
      const ups = await Promise.all([cli(['up', file]), cli(['up', otherFile])]);
      expect(ups.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(ups.filter(({ stderr }) => stderr.includes(NOTE))).toHaveLength(1);
      expect(ups.filter(({ stderr }) => stderr.includes('boots:'))).toEqual([]);
    } finally {
      await cli(['down', other]);
    }
    await onlyState();
  });
});
