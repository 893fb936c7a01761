import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/apply/command.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  status,
  topologyFile,
  topology,
  verify,
} from '../support/cli.js';
import { fileText } from '../support/lab-of.js';
import { isLong } from '../support/random.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';

/** A lab that a guest holds: it works as any other, needs nothing of this machine's kernel, and nothing of it is here. */

const folder = scratchFolder();
const NAME = 'held';

/** A bridge that filters VLANs, which this machine's kernel may lack, and others beside it. */
const definition = (address: string): LabDefinition => ({
  name: NAME,
  nodes: {
    a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
    b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } },
    c: { kind: 'netns', addresses: { eth1: '10.0.0.3/24' } },
    d: {
      kind: 'netns',
      namespaces: ['in'],
      devices: [{ kind: 'veth', name: 'up1', peer: 'in:eth0' }],
      addresses: { eth1: '10.0.1.4/24', up1: '10.0.2.1/24', 'in:eth0': '10.0.2.2/24' },
    },
    e: { kind: 'netns', addresses: { eth1: address } },
  },
  links: [
    {
      ...{ kind: 'bridge', name: 'seg', vlan_filtering: true },
      ends: [
        { port: 'a:eth1', pvid: 10 },
        { port: 'b:eth1', pvid: 10 },
        { port: 'c:eth1', pvid: 20 },
      ],
    },
    { kind: 'macvlan', name: 'mv', mode: 'bridge', ends: ['d:eth1', 'e:eth1'] },
    { kind: 'veth', name: 'cable', ends: ['d:eth2', 'e:eth2'] },
  ],
  verify: [
    { probe: 'icmp', from: 'a', to: 'b' },
    { probe: 'icmp', from: 'a', to: 'c', expect: 'blocked', at: 'seg bridge' },
    { probe: 'icmp', from: 'd', to: 'e' },
    { probe: 'icmp', from: 'd', to: 'd/in' },
    { probe: 'lldp', from: 'd:eth2', to: 'e:eth2' },
  ],
});

/** The devices and namespaces of this machine. */
const ownThings = async (): Promise<readonly string[]> =>
  Promise.all(
    [
      ['ip', '-br', 'link'],
      ['ip', 'netns'],
      ['nft', 'list', 'tables'],
      ['ovs-vsctl', 'list-br'],
    ].map(async (argv) => (await runCommand(argv)).stdout),
  );

let before: string;
let things: readonly string[];
let file: string;

beforeAll(async () => {
  before = await hostSnapshot();
  things = await ownThings();
  file = await topologyFile(folder, 'held.yaml', fileText(definition('10.0.1.5/24')));
});
afterAll(async () => {
  await cli(['down', NAME]);
});

describe('a lab in a guest', () => {
  it('is built, and nothing of it is on this machine but the guest', async () => {
    const result = await cli(['up', file, '--in-guest']);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(await ownThings()).toEqual(things);
  });

  it('is verified as any other, also by its file', async () => {
    const { verdicts, findings } = await verify(file);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(Array(5).fill('pass'));
    expect(findings).toEqual([]);
  });

  it('is looked into', async () => {
    const { stdout } = await cli(['exec', 'd/in', '--', 'ip', '-br', 'addr', 'show', 'eth0']);
    expect(stdout).toContain('10.0.2.2/24');
    // It is its own machine with all its nodes.
    const boots = ['a', '@host'].map((node) =>
      cli(['exec', node, '--', 'cat', '/proc/sys/kernel/random/boot_id']),
    );
    const [inside, around] = (await Promise.all(boots)).map(({ stdout: id }) => id);
    expect(inside).toBe(around);
    expect(inside).not.toBe(await readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
    const { nodes } = await status(NAME);
    expect(nodes.map(({ name, state }) => [name, state])).toEqual([
      ['@host', 'running'],
      ...['a', 'b', 'c', 'd', 'e'].map((name) => [name, 'present']),
    ]);
  });

  it('is up the second time, and stays in its guest', async () => {
    for (const words of [
      ['up', file],
      ['up', file, '--in-guest'],
    ]) {
      const { result } = await cliJson('up', ...words.slice(1));
      expect(result).toMatchObject({ changed: false, differs: [] });
    }
  });

  it('is mended where somebody changes it', async () => {
    await cli(['exec', 'a', '--', 'ip', 'addr', 'flush', 'dev', 'eth1']);
    const { drift } = await status(NAME);
    expect(drift.map(({ id, how }) => [id, how])).toEqual([
      ['a address 10.0.0.1/24 of eth1', 'create'],
    ]);
    const { result } = await cliJson('up', file);
    expect(result.changes).toEqual(drift);
  });

  it('changes in place', async () => {
    const edited = await topologyFile(folder, 'held2.yaml', fileText(definition('10.0.1.9/24')));
    const { result } = await cliJson('up', edited);
    expect(result.changes.map(({ id, how }) => [id, how])).toEqual([
      ['e address 10.0.1.5/24 of eth1', 'remove'],
      ['e address 10.0.1.9/24 of eth1', 'create'],
    ]);
    expect(result.verdicts.map(({ outcome }) => outcome)).toEqual(['pass']);
  });

  it('is gone with its guest', async () => {
    expect(await cli(['down', NAME])).toMatchObject({ exitCode: 0 });
    await expectHostAsBefore(before);
  });
});

/** VLANs on a bond, an ipvlan and a VRF: kinds of which this machine's kernel may have none. */
const stacked: LabDefinition = {
  name: 'stacked',
  nodes: Object.fromEntries(
    ['a', 'b'].map((node, index) => [
      node,
      {
        kind: 'netns',
        namespaces: ['in'],
        devices: [
          {
            ...{ kind: 'bond', name: 'bond0', mode: 'active-backup', miimon: 100 },
            ...{ primary: 'eth1', members: ['eth1', 'eth2'] },
          },
          { kind: 'vlan', name: 'bond0.10', lower: 'bond0', id: 10 },
          { kind: 'ipvlan', name: 'in:ipv0', lower: 'eth3', mode: 'l2' },
          { kind: 'vrf', name: 'red', table: 100, members: ['eth4'] },
        ],
        addresses: {
          'bond0.10': `10.0.10.${index + 1}/24`,
          'in:ipv0': `10.0.3.${index + 11}/24`,
          eth3: `10.0.3.${index + 1}/24`,
          eth4: `10.0.4.${index + 1}/24`,
        },
      },
    ]),
  ),
  links: [1, 2, 3, 4].map((port) => ({ kind: 'veth', ends: [`a:eth${port}`, `b:eth${port}`] })),
  verify: [
    { probe: 'icmp', from: 'a:bond0.10', to: 'b:bond0.10' },
    { probe: 'icmp', from: 'a/in:ipv0', to: 'b:eth3' },
    { probe: 'icmp', from: 'a:eth4', to: 'b:eth4' },
    { probe: 'icmp', from: 'a/in:ipv0', to: 'a:eth3', expect: 'blocked' },
  ],
};

describe('kinds that stand on each other', () => {
  it('are made and proved in a guest, and read back as they are wanted', async () => {
    const path = await topologyFile(folder, 'stacked.yaml', fileText(stacked));
    const result = await cli(['up', path, '--in-guest']);
    try {
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      expect(await ownThings()).toEqual(things);
      const { verdicts } = await verify(path);
      expect(verdicts.map(({ outcome }) => outcome)).toEqual(Array(4).fill('pass'));
      expect(await status('stacked')).toMatchObject({ drift: [] });
    } finally {
      await cli(['down', 'stacked']);
    }
    await expectHostAsBefore(before);
  });
});

describe('a lab that a guest cannot hold', () => {
  it.each(['lldp-direct.yaml', 'ovs-normal.yaml'])(
    '%s is refused, with its place',
    async (name) => {
      const { exitCode, stderr } = await cli(['up', topology(name), '--in-guest']);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/\.yaml:\d+:\d+: .* no guest can hold\. \[topology\/not-in-guest\]/);
    },
  );
});

/** The others are tried in namespaces, or as an example of the README. */
const INSIDE = ['carrier.yaml'].concat(
  isLong ? ['bridge-eats-lldp.yaml', 'macvlan-modes.yaml', 'ports.yaml'] : [],
);
describe.each(INSIDE)('%s', (name) => {
  it('does in a guest what its file expects', async () => {
    const { result } = await cliJson('up', topology(name), '--in-guest');
    try {
      const { verdicts } = await verify(topology(name));
      expect(
        verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise !== null),
      ).toEqual([]);
    } finally {
      await cli(['down', result.lab]);
    }
  });
});
