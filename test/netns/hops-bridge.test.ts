import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hop, HopSettings } from '../../src/hops/types.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import {
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
  n1: { kind: netns, ports: { eth6: { mtu: 3000 } } }
  n2: { kind: netns, ports: { eth6: { mtu: 1500 } } }
  n3: { kind: netns }
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
  - { name: oneway, kind: bridge, ends: [{ port: n1:eth9, group_fwd_mask: 0x4000 }, n2:eth9] }
`;

const folder = scratchFolder();
const sizes = [1500, 1501, 1504, 1505];
let cells: readonly Cell[];

beforeAll(async () => {
  const file = await topologyFile(folder, 'hb.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  // That takes four seconds, and one of them a querier to believe what it has heard.
  await bridgesForward();
  cells = await frameMatrix(LAB, { sizes });
});

afterAll(async () => {
  expect((await cli(['down', 'hb'])).exitCode).toBe(0);
});

const long = ['1501 octets', '1504 octets', '1505 octets'];
const tagged = long.map((name) => `${name} in 7`);
const beyond = [...long, ...tagged];
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
  ])('from %s to %s drops %o', (from, to, expected) => {
    expect(lostIn(cells, from, to)).toEqual(expected);
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
  ])('is contradicted by the kernel when it believes in %s', (_, believe) => {
    const wrong = believing(cells, (hop) => (hop.kind === 'bridge' ? believe(hop) : hop));
    expect(wrong.flatMap(contradiction)).not.toEqual([]);
  });
});
