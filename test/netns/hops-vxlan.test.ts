import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TunnelEnd } from '../../src/hops/tunnel.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import {
  arrivedIn,
  believing,
  contradiction,
  frameMatrix,
  lostIn,
  type Cell,
} from '../support/frame-matrix.js';

/** VXLAN by one address, by a group, by static entries, over IPv6, over a router, and between bridges. */

const LAB = `name: hvx
nodes:
  a:
    kind: netns
    namespaces: [in]
    devices:
      - { kind: vxlan, name: uni, vni: 1, remote: 10.0.0.2 }
      - { kind: vxlan, name: mc, vni: 2, group: 239.1.1.1, dev: eth1 }
      - { kind: vxlan, name: st, vni: 3, fdb: [{ remote: 10.0.0.2 }, { remote: 10.0.1.3 }] }
      - { kind: vxlan, name: six, vni: 4, remote: 'fd00::2', port: 9999 }
      - { kind: vxlan, name: v5, vni: 5, remote: 10.0.0.2 }
      - { kind: vxlan, name: big, vni: 7, remote: 10.0.0.2, mtu: 1500 }
      - { kind: vxlan, name: br, vni: 8, remote: 10.0.0.2 }
      - { kind: veth, name: up, peer: 'in:eth0' }
      - { kind: bridge, name: br0, members: [up, br] }
    addresses: { eth1: [10.0.0.1/24, 'fd00::1/64'] }
    routes: [{ to: 10.0.1.0/24, via: 10.0.0.9 }]
  b:
    kind: netns
    namespaces: [in]
    devices:
      - { kind: vxlan, name: uni, vni: 1, remote: 10.0.0.1, learning: false }
      - { kind: vxlan, name: mc, vni: 2, group: 239.1.1.1, dev: eth1 }
      - { kind: vxlan, name: st, vni: 3, fdb: [{ remote: 10.0.0.1 }] }
      - { kind: vxlan, name: six, vni: 4, remote: 'fd00::1', port: 9999 }
      - { kind: vxlan, name: v6, vni: 6, remote: 10.0.0.1 }
      - { kind: vxlan, name: big, vni: 7, remote: 10.0.0.1, mtu: 1500 }
      - { kind: vxlan, name: br, vni: 8, remote: 10.0.0.1 }
      - { kind: veth, name: up, peer: 'in:eth0' }
      - { kind: bridge, name: br0, members: [up, br] }
    addresses: { eth1: [10.0.0.2/24, 'fd00::2/64'] }
  c:
    kind: netns
    devices: [{ kind: vxlan, name: st, vni: 3, fdb: [{ remote: 10.0.0.1 }] }]
    addresses: { eth1: 10.0.1.3/24 }
    routes: [{ to: default, via: 10.0.1.9 }]
  r:
    kind: netns
    addresses: { eth1: 10.0.0.9/24, eth2: 10.0.1.9/24 }
    sysctls: { net.ipv4.ip_forward: 1 }
links:
  - { kind: bridge, name: near, ends: ['a:eth1', 'b:eth1', 'r:eth1'] }
  - { kind: veth, ends: ['r:eth2', 'c:eth1'] }
`;

const PAIRS = [
  ['a:uni', 'b:uni'],
  ['a:mc', 'b:mc'],
  ['a:st', 'b:st'],
  ['a:st', 'c:st'],
  ['a:six', 'b:six'],
  ['a:v5', 'b:v6'],
  ['a:big', 'b:big'],
  ['a/in:eth0', 'b/in:eth0'],
] as const;

const folder = scratchFolder();
let cells: readonly Cell[];

beforeAll(async () => {
  expect(await cli(['up', await topologyFile(folder, 'hvx.yaml', LAB)])).toMatchObject({
    exitCode: 0,
  });
  cells = await frameMatrix(LAB, { pairs: PAIRS, sizes: [1430, 1431, 1450, 1451] });
});

afterAll(async () => {
  expect((await cli(['down', 'hvx'])).exitCode).toBe(0);
});

/** A frame that is too long for a device with room for so many octets. */
const isLonger = (name: string, room: number): boolean => Number.parseInt(name) > room;

describe('the model of VXLAN', () => {
  it('is what the kernel does with every class, way and direction', () => {
    expect(cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it.each([
    ['one address', 'a:uni', 'b:uni', 1450],
    ['a group', 'a:mc', 'b:mc', 1450],
    ['static entries, over a router', 'a:st', 'c:st', 1450],
    ['IPv6, which leaves less room', 'a:six', 'b:six', 1426],
  ])('carries every class both ways by %s, as long as there is room', (_, from, to, room) => {
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      expect(lostIn(cells, one, other).filter((name) => !isLonger(name, room))).toEqual([]);
  });

  it('carries nothing into another VNI', () => {
    expect(arrivedIn(cells, 'a:v5', 'b:v6')).toEqual([]);
  });

  it('is contradicted when it believes in another VNI, or another remote', () => {
    const believe = (more: Partial<TunnelEnd>) =>
      believing(cells, (hop: Hop) =>
        hop.kind === 'tunnel-end' && hop.stack === 'b'
          ? { ...hop, settings: { ...hop.settings, ...more } }
          : hop,
      ).flatMap(contradiction);
    expect(believe({ id: 6 })).not.toEqual([]);
    expect(believe({ remote: '10.0.0.3' })).not.toEqual([]);
    expect(believe({})).toEqual([]);
  });
});
