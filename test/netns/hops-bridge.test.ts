import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PLAIN_PORT,
  type BridgePort,
  type BridgeSettings,
} from '../../src/hops/bridge-settings.js';
import type { Hop, HopSettings } from '../../src/hops/types.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import {
  arrivedIn,
  believing,
  contradiction,
  frameMatrix,
  lostIn,
  type Cell,
} from '../support/frame-matrix.js';
import { bridgesForward } from '../support/settled.js';

/** Bridges of the kernel with every setting that the model knows, both ways. VLANs are filtered in a guest: not every host's kernel can. */

const LAB = `name: hb
nodes:
  n1: { kind: netns, ports: { eth6: { mtu: 3000 }, eth10: { mac: '02:00:00:00:00:0a' } } }
  n2: { kind: netns, ports: { eth6: { mtu: 1500 }, eth10: { mac: '02:00:00:00:00:2b' } } }
  n3: { kind: netns }
  n4: { kind: netns }
  # Bridges that speak to ports which must not hear of a bridge, or of a better root.
  n5:
    kind: netns
    devices:
      - { kind: bridge, name: br0, stp: true, members: [eth12] }
      - { kind: bridge, name: br1, stp: true, priority: 0, members: [eth13] }
  # Nobody joins a group of IPv6 here.
  n6:
    kind: netns
    namespaces: [x, y, z]
    devices:
      - { kind: veth, name: px, peer: x:e }
      - { kind: veth, name: py, peer: y:e, peer_mac: '02:00:00:00:00:3b' }
      - { kind: veth, name: pz, peer: z:e, peer_mac: '02:00:00:00:00:3c' }
      - kind: bridge
        name: br0
        snooping: true
        querier: true
        mld_version: 2
        members: [px, { port: py, mdb: [{ group: 'ff02::1:ff00:3b' }] }, pz]
    sysctls:
      x:net.ipv6.conf.all.disable_ipv6: 1
      y:net.ipv6.conf.all.disable_ipv6: 1
      z:net.ipv6.conf.all.disable_ipv6: 1
links:
  - { name: plain, kind: bridge, ends: [n1:eth1, n2:eth1] }
  - { name: masked, kind: bridge, group_fwd_mask: 0xfffd, ends: [n1:eth2, n2:eth2] }
  - { name: wide, kind: bridge, bridge_group_fwd_mask: 0x4008, ends: [n1:eth3, n2:eth3] }
  - { name: tree, kind: bridge, stp: true, ends: [{ port: n1:eth4, group_fwd_mask: 1 }, n2:eth4] }
  - name: apart
    kind: bridge
    ends: [{ port: n1:eth5, isolated: true }, { port: n2:eth5, isolated: true }, n3:eth5]
  - { name: sizes, kind: bridge, mtu: 1000, ends: [n1:eth6, n2:eth6] }
  - { name: snoops, kind: bridge, snooping: true, ends: [n1:eth7, n2:eth7] }
  - { name: asks, kind: bridge, snooping: true, querier: true, ends: [n1:eth8, n2:eth8] }
  # Its list has n1 alone; n4 does not hear what is flooded.
  - name: listed
    kind: bridge
    ends:
      - { port: n1:eth10, macs: ['02:00:00:00:00:0a', '02:00:00:00:00:1a'] }
      - { port: n2:eth10, macs: ['02:00:00:00:00:0b'], learning: false }
      - { port: n3:eth10, mcast_flood: false, bcast_flood: false }
      - { port: n4:eth10, flood: false, learning: false }
  - { name: oneway, kind: bridge, ends: [{ port: n1:eth9, group_fwd_mask: 0x4000 }, n2:eth9] }
  # It has never heard the MAC that the matrix takes for somebody else's.
  - name: told
    kind: bridge
    ends: [n1:eth11, n2:eth11, { port: n3:eth11, fdb: [{ mac: '02:f0:00:00:00:0f' }] }]
  - name: owns
    kind: bridge
    ends:
      - n1:eth14
      - { port: n2:eth14, fdb: [{ mac: '02:f0:00:00:00:0f', state: permanent }] }
  - { name: guarded, kind: bridge, stp: true, ends: [{ port: n5:eth12, guard: true }, n1:eth12, n2:eth12] }
  - name: rooted
    kind: bridge
    stp: true
    ends: [{ port: n5:eth13, root_block: true }, n1:eth13, { port: n2:eth13, root_block: true }]
  - { name: quiet, kind: bridge, ends: [n1:eth16, { port: n2:eth16, neigh_suppress: true }, n3:eth16] }
  - name: members
    kind: bridge
    snooping: true
    querier: true
    igmp_version: 3
    ends:
      - n1:eth15
      - { port: n2:eth15, mdb: [{ group: 239.8.8.8 }] }
      # Another group of the same MAC.
      - { port: n3:eth15, mdb: [{ group: 239.136.8.8 }] }
      - { port: n4:eth15, mcast_router: always }
`;

const folder = scratchFolder();
const sizes = [1500, 1501, 1504, 1505];
let cells: readonly Cell[];

beforeAll(async () => {
  const file = await topologyFile(folder, 'hb.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  // That takes four seconds, and a querier fewer: it begins to ask for IPv6 with its address, and believes what it hears after one.
  await bridgesForward();
  cells = await frameMatrix(LAB, {
    sizes,
    pairs: [
      ['n6/x:e', 'n6/y:e'],
      ['n6/x:e', 'n6/z:e'],
    ],
  });
});

afterAll(async () => {
  expect((await cli(['down', 'hb'])).exitCode).toBe(0);
});

/** A bridge with other ports. */
const changed = (hop: Hop, change: (port: BridgePort) => BridgePort): Hop => {
  const { ports } = hop.settings as BridgeSettings;
  const others = Object.entries(ports).map(([id, port]) => [id, change(port)] as const);
  return {
    ...hop,
    settings: { ...hop.settings, ports: Object.fromEntries(others) } as HopSettings,
  };
};

const long = ['1501 octets', '1504 octets', '1505 octets'];
const tagged = long.map((name) => `${name} in 7`);
const beyond = [...long, ...tagged];
const TREE = ['lldp', 'stp', 'lacp', 'dot1x', 'pause', ...beyond];
const RESERVED = ['lldp', 'lacp', 'dot1x', 'pause'];

describe('the model of a bridge', () => {
  it('is what the kernel does with every class, setting and direction', () => {
    expect(cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it.each([
    ['n1:eth1', 'n2:eth1', [...RESERVED, ...beyond]],
    ['n1:eth2', 'n2:eth2', ['pause', ...beyond]],
    ['n1:eth3', 'n2:eth3', ['lacp', 'pause', ...beyond]],
    ['n1:eth4', 'n2:eth4', [...RESERVED, ...beyond]],
    ['n2:eth4', 'n1:eth4', ['lldp', 'stp', 'lacp', 'dot1x', 'pause', ...beyond]],
    ['n1:eth5', 'n3:eth5', [...RESERVED, ...beyond]],
    // The tag is beside the frame when a bridge hands it on, so it counts nowhere.
    ['n1:eth6', 'n2:eth6', [...RESERVED, '1505 octets', '1505 octets in 7']],
    ['n1:eth7', 'n2:eth7', [...RESERVED, ...beyond]],
    ['n1:eth8', 'n2:eth8', [...RESERVED, 'igmp report v2', 'unjoined group', ...beyond]],
    ['n1:eth9', 'n2:eth9', ['lacp', 'dot1x', 'pause', ...beyond]],
    ['n2:eth9', 'n1:eth9', [...RESERVED, ...beyond]],
    ['n1:eth11', 'n2:eth11', [...RESERVED, 'unicast-foreign', ...beyond]],
    ['n1:eth11', 'n3:eth11', [...RESERVED, ...beyond]],
    ['n1:eth14', 'n2:eth14', [...RESERVED, 'unicast-foreign', ...beyond]],
    ['n1:eth12', 'n2:eth12', TREE],
    ['n1:eth13', 'n2:eth13', TREE],
    ['n1:eth15', 'n2:eth15', [...RESERVED, 'igmp report v2', ...beyond]],
    ['n1:eth15', 'n3:eth15', [...RESERVED, 'igmp report v2', 'unjoined group', ...beyond]],
    ['n1:eth15', 'n4:eth15', [...RESERVED, ...beyond]],
    // Its sender has no address yet.
    ['n1:eth16', 'n2:eth16', [...RESERVED, 'arp-request', ...beyond]],
    ['n1:eth16', 'n3:eth16', [...RESERVED, ...beyond]],
    ['n6/x:e', 'n6/y:e', [...RESERVED, 'igmp report v2', 'unjoined group', ...beyond]],
    [
      ...(['n6/x:e', 'n6/z:e'] as const),
      [...RESERVED, 'nd-solicitation', 'igmp report v2', 'unjoined group', ...beyond],
    ],
  ])('from %s to %s drops %o', (from, to, expected) => {
    expect(lostIn(cells, from, to)).toEqual(expected);
  });

  const all = 20 + 2 * sizes.length;

  it('takes from a port with a list what its MACs send, and nothing else', () => {
    expect(lostIn(cells, 'n1:eth10', 'n2:eth10')).toEqual([...RESERVED, ...beyond]);
    for (const to of ['n1:eth10', 'n3:eth10', 'n4:eth10'])
      expect([to, lostIn(cells, 'n2:eth10', to).length]).toEqual([to, all]);
  });

  it('does not flood to ports what they are not to hear', () => {
    const groups = ['stp', 'cdp', 'arp-request', 'nd-solicitation', 'mdns'].concat([
      'igmp report v3',
      'igmp report v2',
      'unjoined group',
    ]);
    expect(arrivedIn(cells, 'n1:eth10', 'n4:eth10')).toEqual(groups);
    const unicast = arrivedIn(cells, 'n1:eth10', 'n3:eth10');
    const both = [...unicast, ...groups].sort();
    expect(both).toEqual([...arrivedIn(cells, 'n1:eth10', 'n2:eth10')].sort());
  });

  it('hands nothing over by a port that has heard a bridge, or a better root, and must not', () => {
    for (const [from, to] of [
      ['n5:eth12', 'n1:eth12'],
      ['n1:eth12', 'n5:eth12'],
      ['n5:eth13', 'n1:eth13'],
      ['n1:eth13', 'n5:eth13'],
    ] as const)
      expect([from, lostIn(cells, from, to).length]).toEqual([from, all]);
  });

  it('drops everything between isolated ports', () => {
    expect(lostIn(cells, 'n1:eth5', 'n2:eth5')).toHaveLength(20 + 2 * sizes.length);
  });

  it.each<[string, (hop: Hop) => Hop]>([
    [
      'a mask that is not set',
      (hop) => ({ ...hop, settings: { ...hop.settings, mask: 0x4000 } as HopSettings }),
    ],
    [
      'spanning tree that is off',
      (hop) => ({ ...hop, settings: { ...hop.settings, stp: false } as HopSettings }),
    ],
    [
      'ports that are not isolated',
      (hop) => ({ ...hop, settings: { ...hop.settings, ports: {} } as HopSettings }),
    ],
    ['a list that is not there', (hop) => changed(hop, ({ macs: _, ...port }) => port)],
    [
      'entries and groups that are not there',
      (hop) => changed(hop, (port) => ({ ...port, entries: [], groups: [] })),
    ],
    ['no router', (hop) => changed(hop, (port) => ({ ...port, router: 'auto' }))],
    [
      'ports that hear everything',
      (hop) => changed(hop, (port) => ({ ...port, floods: PLAIN_PORT.floods })),
    ],
  ])('is contradicted by the kernel when it believes in %s', (_, believe) => {
    const wrong = believing(cells, (hop) => (hop.kind === 'bridge' ? believe(hop) : hop));
    expect(wrong.flatMap(contradiction)).not.toEqual([]);
  });
});
