import { readdirSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { macAddress } from '../../src/plan/names.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  startCli,
  topologyFile,
  topology,
  restoresHost,
} from '../support/cli.js';

/** Faults that are made behind patchlab's back, and what verify and neighbors say of them. */

const folder = scratchFolder();
restoresHost();

const NAME = 'faults';
const netns = (node: string): string => `${NAME}.${node}`;
const ip = (node: string, ...args: readonly string[]) => execa('ip', ['-n', netns(node), ...args]);
const mac = (node: string, port: string): string => macAddress(NAME, node, port);

const address = (last: number, net = 1) => ({ eth1: `10.0.${net}.${last}/24` });
const TWO_CABLES = {
  name: NAME,
  nodes: {
    a: { kind: 'netns', addresses: address(1) },
    b: { kind: 'netns', addresses: address(2) },
    c: { kind: 'netns', addresses: address(1, 2) },
    d: { kind: 'netns', addresses: address(2, 2) },
  },
  links: [
    { kind: 'veth', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'veth', ends: ['c:eth1', 'd:eth1'] },
  ],
};
const TWO_SWITCHES = {
  ...TWO_CABLES,
  links: [
    { kind: 'ovs-switch', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'ovs-switch', ends: ['c:eth1', 'd:eth1'] },
  ],
};
const MASKED = {
  name: NAME,
  nodes: { a: { kind: 'netns' }, b: { kind: 'netns' } },
  links: [{ kind: 'bridge', group_fwd_mask: 0x4000, ends: ['a:eth1', 'b:eth1'] }],
};

async function up(lab: object): Promise<void> {
  const file = await topologyFile(folder, 'lab.json', JSON.stringify(lab));
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
}

async function findings() {
  const { exitCode, result } = await cliJson('verify', NAME);
  return {
    exitCode,
    kinds: [...new Set(result.findings.map(({ kind }) => kind))].sort(),
    all: result.findings,
    verdicts: result.verdicts,
  };
}

/** Put a veth pair between two ports, with the MACs that they had. */
async function patch(a: string, b: string): Promise<void> {
  await execa('ip', [
    ...['link', 'add', 'eth1', 'netns', netns(a), 'address', mac(a, 'eth1'), 'type', 'veth'],
    ...['peer', 'name', 'eth1', 'netns', netns(b), 'address', mac(b, 'eth1')],
  ]);
  for (const node of [a, b]) await ip(node, 'link', 'set', 'eth1', 'up');
}

async function swap(): Promise<void> {
  for (const node of ['a', 'c']) await ip(node, 'link', 'del', 'eth1');
  await patch('a', 'd');
  await patch('c', 'b');
}

const hostPort = async (ref: string): Promise<string> => {
  const { stdout } = await execa('ip', ['-j', 'link', 'show', `${NAME}.${ref}.veth`]);
  return (JSON.parse(stdout) as readonly [{ ifname: string }])[0].ifname;
};

const bridges = async (): Promise<readonly string[]> =>
  (await execa('ovs-vsctl', ['list-br'])).stdout.split('\n');

describe('verify finds without being asked', () => {
  it('nothing in a lab that is as its file says', async () => {
    await up(TWO_CABLES);
    expect(await findings()).toMatchObject({ exitCode: 0, all: [] });
  });

  it('two swapped cables', async () => {
    await up(TWO_CABLES);
    await swap();
    const { exitCode, kinds, all } = await findings();
    expect([exitCode, kinds]).toEqual([1, ['crossed-cable']]);
    const pairs = all.map(({ where }) => [...where].sort().join(' '));
    expect(pairs.sort()).toEqual(['a:eth1 d:eth1', 'b:eth1 c:eth1']);
  });

  it('a MAC that two stacks have, though every frame arrives', async () => {
    await up(TWO_CABLES);
    await ip('c', 'link', 'set', 'eth1', 'address', mac('a', 'eth1'));
    const { exitCode, all } = await findings();
    expect(exitCode).toBe(1);
    expect(all.find(({ kind }) => kind === 'duplicate-mac')?.where).toEqual(['a:eth1', 'c:eth1']);
    expect(all.find(({ kind }) => kind === 'port-mac')?.where).toEqual(['c:eth1']);
  });

  it('an address that two stacks have, though every frame arrives', async () => {
    await up(TWO_CABLES);
    await ip('d', 'addr', 'add', '10.0.1.1/24', 'dev', 'eth1');
    const { exitCode, kinds, all } = await findings();
    expect([exitCode, kinds]).toEqual([1, ['duplicate-address']]);
    expect(all[0]).toMatchObject({ where: ['a:eth1', 'd:eth1'] });
    expect(all[0]?.what).toContain('10.0.1.1');
  });

  it('a flow that sets a tag: what comes is not the frame that was to come', async () => {
    await up(TWO_SWITCHES);
    for (const bridge of await bridges())
      await execa('ovs-ofctl', [
        ...['add-flow', bridge],
        'priority=60000,arp,arp_spa=10.0.1.1,actions=mod_vlan_vid:7,normal',
      ]);
    const { exitCode, verdicts } = await findings();
    expect(exitCode).toBe(1);
    const [asked] = verdicts.filter(({ probe, from }) => probe === 'arp' && from === 'a:eth1');
    expect(asked).toMatchObject({ outcome: 'fail', blame: { predicted: false } });
    expect(asked?.hops.map(({ altered }) => altered)).toContain('the tag of VLAN 7');
    expect(asked?.surprise).toContain('VLAN 7');
    const others = verdicts.filter(({ probe }) => probe === 'lldp');
    expect(others.map(({ surprise }) => surprise)).toEqual(others.map(() => null));
  });

  it('a second bridge that joins two segments', async () => {
    await up(TWO_SWITCHES);
    const both = await bridges();
    for (const [from, to] of [both, both.toReversed()] as const)
      await execa('ovs-vsctl', [
        ...['add-port', from ?? '', `to-${to}`, '--', 'set', 'interface', `to-${to}`],
        ...['type=patch', `options:peer=to-${from}`],
      ]);
    const { exitCode, all, kinds, verdicts } = await findings();
    expect([exitCode, kinds]).toEqual([1, ['leak']]);
    expect(all.map(({ where }) => where.join(' > '))).toContain('a:eth1 > c:eth1');
    expect(all[0]).toMatchObject({
      severity: 'error',
      what: expect.stringContaining('ARP request') as string,
    });
    expect(verdicts.filter(({ probe }) => probe !== 'lldp')).toEqual(
      verdicts
        .filter(({ probe }) => probe !== 'lldp')
        .map((verdict) => ({ ...verdict, outcome: 'pass' })),
    );
    for (const bridge of both)
      await execa('ovs-vsctl', ['del-port', bridge, `to-${both.find((one) => one !== bridge)}`]);
  });

  it('who hears what is to be heard nowhere else, where a check says so', async () => {
    const third = { kind: 'netns', addresses: address(3) };
    const check = { from: 'a:eth1', to: 'b:eth1', nowhere_else: true };
    await up({
      name: NAME,
      nodes: { ...TWO_CABLES.nodes, c: third, d: { kind: 'netns' } },
      links: [
        { kind: 'bridge', ends: ['a:eth1', 'b:eth1', { port: 'c:eth1' }] },
        { kind: 'bridge', ends: ['c:eth2', 'd:eth1'] },
      ],
      verify: [
        { probe: 'icmp', ...check },
        { probe: 'frame', class: 'mdns', ...check },
        { probe: 'frame', class: 'unicast-foreign', ...check },
        { probe: 'frame', class: 'lldp', expect: 'blocked', ...check },
      ],
    });
    const { exitCode, all, verdicts } = await findings();
    expect([exitCode, all]).toEqual([1, []]);
    expect(verdicts.map(({ outcome, overheard }) => [outcome, overheard])).toEqual([
      ['pass', { predicted: [], by: [] }],
      ['fail', { predicted: ['c:eth1'], by: ['c:eth1'] }],
      ['fail', { predicted: ['c:eth1'], by: ['c:eth1'] }],
      ['pass', { predicted: [], by: [] }],
    ]);
    expect(verdicts[1]?.message).toContain('came to c:eth1 as well');
    expect(verdicts.map(({ surprise }) => surprise)).toEqual([null, null, null, null]);
  });

  it('an MTU that is not the one of the file, though every frame arrives', async () => {
    await up(TWO_CABLES);
    await ip('b', 'link', 'set', 'eth1', 'mtu', '1400');
    const { exitCode, kinds, all, verdicts } = await findings();
    expect([exitCode, kinds]).toEqual([1, ['wrong-mtu']]);
    expect(all[0]).toMatchObject({ where: ['b:eth1'], severity: 'error' });
    expect(verdicts.every(({ outcome }) => outcome === 'pass')).toBe(true);
  });

  it('ports in the wrong order', async () => {
    await up({
      name: NAME,
      nodes: { a: { kind: 'netns' }, b: { kind: 'netns' } },
      links: [
        { kind: 'veth', ends: ['a:eth1', 'b:eth1'] },
        { kind: 'veth', ends: ['a:eth2', 'b:eth2'] },
      ],
    });
    for (const [from, to] of [
      ['eth1', 'x'],
      ['eth2', 'eth1'],
      ['x', 'eth2'],
    ] as const) {
      await ip('a', 'link', 'set', from, 'down');
      await ip('a', 'link', 'set', from, 'name', to);
    }
    for (const port of ['eth1', 'eth2']) await ip('a', 'link', 'set', port, 'up');
    const { exitCode, all } = await findings();
    expect(exitCode).toBe(1);
    const order = all.filter(({ kind }) => kind === 'port-mac');
    expect(order.map(({ where }) => where)).toEqual([['a:eth1'], ['a:eth2']]);
    expect(order[0]?.what).toContain('wrong order');
  });

  it('a link that works one way only', async () => {
    await up(MASKED);
    const args = ['type', 'bridge_slave', 'mcast_flood', 'off'];
    await execa('ip', ['link', 'set', 'dev', await hostPort('b.eth1'), ...args]);
    const { exitCode, kinds, all } = await findings();
    expect([exitCode, kinds]).toEqual([1, ['one-way-link']]);
    expect(all[0]?.what).toBe('lldp goes from b:eth1 to a:eth1, but not from a:eth1 to b:eth1.');
  });

  it('a second neighbour on a cable', async () => {
    await up(MASKED);
    const port = await hostPort('b.eth1');
    const { stdout } = await execa('ip', ['-j', 'link', 'show', port]);
    const [{ master }] = JSON.parse(stdout) as [{ master: string }];
    await execa('ip', ['netns', 'add', 'stranger']);
    try {
      const plug = ['link', 'add', 'strange0', 'type', 'veth', 'peer', 'eth9', 'netns', 'stranger'];
      await execa('ip', plug);
      await execa('ip', ['link', 'set', 'strange0', 'master', master, 'up']);
      const mask = ['type', 'bridge_slave', 'group_fwd_mask', '0x4000'];
      await execa('ip', ['link', 'set', 'dev', 'strange0', ...mask]);
      await execa('ip', ['-n', 'stranger', 'link', 'set', 'eth9', 'up']);
      const talk =
        'mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/ladvd && while :; do ladvd -f -L -t -o eth9; done';
      const stranger = execa(
        'nsenter',
        ['--net=/run/netns/stranger', 'unshare', '-m', 'sh', '-c', talk],
        { reject: false, stdio: 'pipe' },
      );
      const { exitCode, kinds, all } = await findings();
      stranger.kill('SIGKILL');
      expect([exitCode, kinds]).toEqual([1, ['second-neighbour']]);
      expect(all[0]?.what).toMatch(/hears a second neighbour: eth9 of/);
    } finally {
      // Its daemon may just have started another one.
      for (let pids = 'some'; pids !== '';) {
        pids = (await execa('ip', ['netns', 'pids', 'stranger'])).stdout;
        if (pids !== '') await execa('kill', ['-9', ...pids.split('\n')], { reject: false });
      }
      await execa('ip', ['netns', 'del', 'stranger']);
    }
  });

  it('and says so on the terminal', async () => {
    await up(TWO_CABLES);
    await ip('b', 'link', 'set', 'eth1', 'mtu', '1400');
    const { stdout } = await cli(['verify', NAME]);
    expect(stdout).toMatch(/FOUND.*wrong-mtu: b:eth1 has an MTU of 1400\./);
  });
});

describe('patchlab neighbors', () => {
  const neighbours = async () => {
    const { exitCode, result } = await cliJson('neighbors', NAME);
    const told = result.neighbours.map(
      ({ port, neighbour, state }) => `${port} ${neighbour} ${state}`,
    );
    return { exitCode, told: told.sort() };
  };

  it('shows each cable as declared', async () => {
    await up(TWO_CABLES);
    expect(await neighbours()).toEqual({
      exitCode: 0,
      told: [
        'a:eth1 b:eth1 expected',
        'b:eth1 a:eth1 expected',
        'c:eth1 d:eth1 expected',
        'd:eth1 c:eth1 expected',
      ],
    });
  });

  it('shows swapped cables as missing and unexpected neighbours', async () => {
    await up(TWO_CABLES);
    await swap();
    const { exitCode, told } = await neighbours();
    expect(exitCode).toBe(1);
    expect(told).toEqual([
      'a:eth1 b:eth1 missing',
      'a:eth1 d:eth1 unexpected',
      'b:eth1 a:eth1 missing',
      'b:eth1 c:eth1 unexpected',
      'c:eth1 b:eth1 unexpected',
      'c:eth1 d:eth1 missing',
      'd:eth1 a:eth1 unexpected',
      'd:eth1 c:eth1 missing',
    ]);
  });

  it('is no fault where the model says that LLDP is lost', async () => {
    expect((await cli(['up', topology('bridge-eats-lldp.yaml')])).exitCode).toBe(0);
    const { exitCode, result } = await cliJson('neighbors', 'bridge-eats-lldp');
    expect(exitCode).toBe(0);
    const [first] = result.neighbours;
    expect(first).toMatchObject({ state: 'missing', predicted: 'drop' });
    expect(first?.reason).toContain('01:80:c2:00:00:0e');
  });

  it('knows who is behind a bridge that hands LLDP on', async () => {
    const relay = { kind: 'bridge', name: 'br0', members: ['l', 'r'], group_fwd_mask: 0x4000 };
    await up({
      name: NAME,
      nodes: {
        a: { kind: 'netns' },
        b: { kind: 'netns', devices: [relay] },
        c: { kind: 'netns' },
      },
      links: [
        { kind: 'veth', ends: ['a:r', 'b:l'] },
        { kind: 'veth', ends: ['b:r', 'c:l'] },
      ],
    });
    const { exitCode, told } = await neighbours();
    expect(exitCode).toBe(0);
    expect(told).toContain('a:r b:l expected');
    expect(told).toContain('a:r c:l relayed');
    expect(told.filter((line) => /missing|unexpected/.test(line))).toEqual([]);
  });

  it('says what could not be found out', async () => {
    await up(TWO_CABLES);
    await execa('ip', ['netns', 'del', netns('a')]);
    const { exitCode, told } = await neighbours();
    expect(exitCode).toBe(3);
    expect(told).toContain('a:eth1 b:eth1 unknown');
    await cli(['down', NAME]);
  });

  it('leaves nothing behind when it is broken off', async () => {
    await up(TWO_CABLES);
    const built = await hostSnapshot();
    const broken = startCli(['neighbors', NAME]);
    const atWork = () => readdirSync('/dev/shm').join(' ');
    await expect.poll(atWork, { timeout: 60_000, interval: 5 }).toContain('patchlab-verify');
    broken.kill('SIGINT');
    expect((await broken).exitCode).not.toBe(0);
    await expectHostAsBefore(built);
  });
});
