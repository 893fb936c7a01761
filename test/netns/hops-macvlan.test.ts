import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frames/frame.js';
import type { TestFrame } from '../support/frames.js';
import type { MacvlanSettings } from '../../src/hops/macvlan.js';
import type { Hop } from '../../src/hops/types.js';
import { macAddress } from '../../src/plan/names.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import { SENDER } from '../support/frame-capture.js';
import {
  believing,
  contradiction,
  frameMatrix,
  lostIn,
  type Cell,
} from '../support/frame-matrix.js';
import { addressesInUse } from '../support/settled.js';

/**
 * Macvlans of every mode on a lower device that they share, with and without a neighbour that reflects. A macvtap has
 * the same code below it; guests on macvtaps are in test/vm.
 */

const ports = (link: number, ...nodes: readonly string[]): string =>
  nodes.map((node) => `${node}:eth${link}`).join(', ');

const LAB = `name: hw
nodes:
  n1: { kind: netns }
  n2: { kind: netns }
  up:
    kind: netns
    ports: { eth1: { mtu: 3000 }, eth5: { mac: '02:00:00:00:05:05' } }
links:
  - { kind: macvlan, mode: vepa, ends: [${ports(1, 'n1', 'n2')}], uplink: up:eth1 }
  - { kind: macvlan, mode: bridge, ends: [${ports(2, 'n1', 'n2')}], uplink: up:eth2 }
  - { kind: macvlan, mode: private, ends: [${ports(3, 'n1', 'n2')}], uplink: up:eth3 }
  - { kind: macvlan, mode: passthru, ends: [n1:eth4], uplink: up:eth4 }
  - kind: macvlan
    mode: source
    ends: [{ port: n1:eth5, sources: ['02:00:00:00:05:05'] }, n2:eth5]
    uplink: up:eth5
  - { kind: macvlan, mode: vepa, reflective_relay: true, ends: [${ports(6, 'n1', 'n2')}] }
  - kind: macvlan
    mode: vepa
    reflective_relay: true
    group_fwd_mask: 0xfffd
    allmulticast: true
    ends: [${ports(7, 'n1', 'n2')}]
  - { kind: macvlan, mode: private, reflective_relay: true, ends: [${ports(8, 'n1', 'n2')}] }
  - { kind: macvlan, mode: bridge, allmulticast: true, ends: [${ports(9, 'n1', 'n2')}], uplink: up:eth9 }
  - { kind: macvlan, mode: passthru, promisc: true, ends: [n1:eth10], uplink: up:eth10 }
  - { kind: macvlan, mode: private, allmulticast: true, ends: [${ports(11, 'n1', 'n2')}], uplink: up:eth11 }
  - { kind: macvlan, mode: vepa, ends: [{ port: n1:eth12, promisc: true }, n2:eth12], uplink: up:eth12 }
`;

/** IPv6 of the receiving namespace has joined the group of its own address. */
const know = ({ class: name, spec }: TestFrame): Frame =>
  name === 'nd-solicitation' ? { ...spec, joined: true } : spec;

const folder = scratchFolder();
let cells: readonly Cell[];

beforeAll(async () => {
  const file = await topologyFile(folder, 'hw.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  await addressesInUse('hw');
  cells = await frameMatrix(LAB, { know, sizes: [1500, 1501] });
});

afterAll(async () => {
  expect((await cli(['down', 'hw'])).exitCode).toBe(0);
});

const MULTICAST = ['lldp', 'stp', 'lacp', 'dot1x', 'pause', 'cdp', 'mdns'];
const GROUPS = [...MULTICAST, 'igmp report v3', 'igmp report v2', 'unjoined group'];
/** What chance may have let through all the same. */
const luckily = (lost: readonly string[]): readonly string[] => [...new Set([...lost, ...GROUPS])];

describe('the model of macvlans', () => {
  it('is what the kernel does with every class, mode and direction', () => {
    expect(cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it.each([
    ['up:eth1', 'n1:eth1', [...GROUPS, 'unicast-foreign']],
    ['up:eth4', 'n1:eth4', [...GROUPS, '1501 octets', '1501 octets in 7']],
  ])(
    'from %s to %s drops what it has not joined, in mode vepa also foreign unicast',
    (from, to, expected) => {
      expect(new Set(luckily(lostIn(cells, from, to)))).toEqual(new Set(expected));
    },
  );

  it.each([
    ['up:eth9', 'n1:eth9', ['pause', 'unicast-foreign']],
    ['up:eth10', 'n1:eth10', ['pause']],
    ['n1:eth9', 'n2:eth9', ['pause', 'unicast-foreign']],
    ['n1:eth7', 'n2:eth7', ['pause', 'unicast-foreign']],
    ['up:eth5', 'n1:eth5', []],
    ['n1:eth9', 'up:eth9', []],
    ['n1:eth1', 'up:eth1', []],
  ])('from %s to %s drops %o', (from, to, expected) => {
    const long = ['1501 octets', '1501 octets in 7'];
    expect(lostIn(cells, from, to)).toEqual([...expected, ...long]);
  });

  it.each([
    ['n1:eth1', 'n2:eth1'],
    ['n1:eth3', 'n2:eth3'],
    ['up:eth5', 'n2:eth5'],
  ])('from %s to %s drops everything', (from, to) => {
    expect(lostIn(cells, from, to)).toHaveLength(24);
  });

  it('marks as random what the salted hash decides, and nothing else', () => {
    const random = cells.filter(({ prediction }) => prediction.outcome === 'random');
    const names = new Set(random.map(({ frame }) => frame.name));
    expect([...names].sort()).toEqual(GROUPS.filter((name) => name !== 'pause').sort());
  });

  it('is contradicted by the kernel when it believes in another mode', () => {
    const wrong = believing(cells, (hop) =>
      hop.kind === 'macvlan' && (hop as Hop<MacvlanSettings>).settings.mode === 'vepa'
        ? { ...hop, settings: { ...hop.settings, mode: 'bridge' } as MacvlanSettings }
        : hop,
    );
    expect(wrong.flatMap(contradiction)).not.toEqual([]);
  });
});

describe('the luck of a macvlan', () => {
  const COUNT = 300;
  const name = `hl${process.pid}`;

  afterAll(() => execa('ip', ['netns', 'del', name]));

  /** Received multicast frames by device. */
  async function received(): Promise<ReadonlyMap<string, number>> {
    const { stdout } = await execa('ip', ['-n', name, '-j', '-s', 'link']);
    const links = JSON.parse(stdout) as {
      ifname: string;
      stats64: { rx: { multicast: number } };
    }[];
    return new Map(links.map((link) => [link.ifname, link.stats64.rx.multicast]));
  }

  it('lets a class that nobody joined into a few devices of hundreds, and not into most', async () => {
    const macvlans = Array.from({ length: COUNT }, (_, index) => [
      `link add mv${index} link low type macvlan mode vepa`,
      `link set mv${index} addrgenmode none`,
      `link set mv${index} up`,
    ]).flat();
    await execa('ip', ['netns', 'add', name]);
    await execa('ip', ['-n', name, '-batch', '-'], {
      input: ['link add low type veth peer name wire', 'link set low up', 'link set wire up']
        .concat(macvlans)
        .map((line) => `${line}\n`)
        .join(''),
    });
    const before = await received();
    const frame = (to: string): string => `${to}02000000000988b5${'00'.repeat(46)}`;
    const groups = Array.from({ length: 16 }, (_, index) =>
      frame(`03${macAddress('luck', String(index)).slice(3).replaceAll(':', '')}`),
    );
    // All hear a broadcast, and the work that hands on frames does so in their order.
    const last = frame('f'.repeat(12));
    await execa('ip', ['netns', 'exec', name, 'python3', '-c', SENDER, 'wire'], {
      input: [...groups, last].map((hex) => `${hex}\n`).join(''),
    });
    const counts = async (): Promise<readonly number[]> =>
      [...(await received())]
        .filter(([device]) => device.startsWith('mv'))
        .map(([device, count]) => count - (before.get(device) ?? 0));
    await expect
      .poll(async () => Math.min(...(await counts())), { timeout: 30_000, interval: 50 })
      .toBeGreaterThan(0);
    const passed = (await counts()).reduce((sum, count) => sum + count - 1, 0);
    // 300 devices, 16 groups, 3 of 256 bits set: 56 of 4800 on the average.
    expect(passed).toBeGreaterThan(15);
    expect(passed).toBeLessThan(150);
  });
});
