import { afterEach, describe, expect, it } from 'vitest';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import type { Hop } from '../../src/hops/types.js';
import { believing, contradiction, frameMatrix, lostIn } from '../support/frame-matrix.js';

/** Every frame class over real devices, both ways: what the model says of each hop is what captures see there. */

const folder = scratchFolder();
let up: string | undefined;

/** Build a lab from its text, which the tests that follow look at. */
async function build(text: string): Promise<string> {
  const name = /^name: (\S+)/.exec(text)?.[1] ?? '';
  const file = await topologyFile(folder, `${name}.yaml`, text);
  up = name;
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  return text;
}

afterEach(async () => {
  if (up !== undefined) expect((await cli(['down', up])).exitCode).toBe(0);
  up = undefined;
});

const complaints = async (...args: Parameters<typeof frameMatrix>) =>
  (await frameMatrix(...args)).flatMap(contradiction);

describe('a veth pair', () => {
  it('hands on every class', async () => {
    const text = await build(`name: hv
nodes:
  n1: { kind: netns }
  n2: { kind: netns }
links:
  - { kind: veth, ends: [n1:eth1, n2:eth1] }
`);
    const cells = await frameMatrix(text, { sizes: [1500, 1501] });
    expect(cells.flatMap(contradiction)).toEqual([]);
    expect(lostIn(cells, 'n1:eth1', 'n2:eth1')).toEqual(['1501 octets', '1501 octets in 7']);
  });

  it('drops what is longer than its MTU, the header and a tag, and so an untagged frame four octets later', async () => {
    const text = await build(`name: hm
nodes:
  n1: { kind: netns, ports: { eth1: { mtu: 3000 } } }
  n2: { kind: netns, ports: { eth1: { mtu: 1500 } } }
links:
  - { kind: veth, ends: [n1:eth1, n2:eth1] }
`);
    const cells = await frameMatrix(text, { sizes: [1500, 1501, 1504, 1505, 3000, 3001] });
    expect(cells.flatMap(contradiction)).toEqual([]);
    const long = ['1505 octets', '3000 octets', '3001 octets'];
    const tagged = ['1501', '1504', '1505', '3000', '3001'].map((size) => `${size} octets in 7`);
    expect(lostIn(cells, 'n1:eth1', 'n2:eth1')).toEqual([...long, ...tagged]);
  });
});

describe('Open vSwitch', () => {
  it('as a panel hands on every class up to the MTU', async () => {
    const text = await build(`name: hp
nodes:
  n1: { kind: netns, ports: { eth1: { mtu: 3000 } } }
  n2: { kind: netns }
links:
  - { kind: ovs-panel, patches: [[n1:eth1, n2:eth1]] }
`);
    expect(await complaints(text, { sizes: [1500, 1501, 1504, 1505, 3000] })).toEqual([]);
  });

  it('as a switch keeps what is reserved, forwards it when told, and obeys flows and LLDP of its own', async () => {
    const text = await build(`name: hs
nodes:
  n1: { kind: netns }
  n2: { kind: netns }
  n3: { kind: netns }
links:
  - { kind: ovs-switch, ends: [n1:eth1, n2:eth1, n3:eth1] }
  - { kind: ovs-switch, forward_bpdu: true, ends: [n1:eth2, { port: n2:eth2, lldp: true }] }
  - kind: ovs-switch
    ends: [n1:eth3, n2:eth3, n3:eth3]
    flows:
      - { from: n1:eth3, to: [n2:eth3], dst: '01:80:c2:00:00:02' }
      - { from: n2:eth3, to: [] }
      - { from: n2:eth3, to: [n3:eth3], dst: 'ff:ff:ff:ff:ff:ff', priority: 200 }
`);
    const cells = await frameMatrix(text, { sizes: [1500] });
    expect(cells.flatMap(contradiction)).toEqual([]);
    const reserved = ['lldp', 'stp', 'lacp', 'dot1x', 'pause', 'cdp'];
    expect(lostIn(cells, 'n1:eth1', 'n2:eth1')).toEqual(reserved);
    expect(lostIn(cells, 'n1:eth2', 'n2:eth2')).toEqual([]);
    expect(lostIn(cells, 'n2:eth2', 'n1:eth2')).toEqual(['lldp']);
    expect(lostIn(cells, 'n1:eth3', 'n2:eth3')).toEqual(reserved.filter((name) => name !== 'lacp'));
    expect(lostIn(cells, 'n2:eth3', 'n3:eth3')).not.toContain('arp-request');
  });
});

describe('a tc redirect', () => {
  it('hands on every class', async () => {
    const text = await build(`name: hr
nodes:
  n1: { kind: netns }
  n2: { kind: netns }
links:
  - { kind: redirect, ends: [n1:eth1, n2:eth1] }
`);
    const cells = await frameMatrix(text, { sizes: [1500] });
    expect(cells.flatMap(contradiction)).toEqual([]);
    expect(cells.filter(({ seen }) => seen.at(-1) !== true)).toEqual([]);
  });
});

describe('an end that is down', () => {
  const LAB = `name: hd
nodes:
  n1: { kind: netns }
  n2: { kind: netns }
links:
  - { kind: veth, ends: [n1:eth1, n2:eth1], down: [n2:eth1] }
  - { kind: bridge, ends: [n1:eth2, n2:eth2], down: [n2:eth2] }
  - { kind: ovs-switch, ends: [n1:eth3, n2:eth3], down: [n2:eth3] }
  - { kind: redirect, ends: [n1:eth4, n2:eth4], down: [n2:eth4] }
  - { kind: ovs-panel, patches: [[n1:eth5, n2:eth5]], down: [n2:eth5] }
`;

  it('receives nothing, and what it is to send is seen nowhere', async () => {
    const cells = await frameMatrix(await build(LAB));
    expect(cells.flatMap(contradiction)).toEqual([]);
    expect(cells.filter(({ seen }) => seen.at(-1) === true)).toEqual([]);
    expect(cells.some(({ prediction }) => prediction.outcome !== 'drop')).toBe(false);
    const up = (hop: Hop): Hop => ({ ...hop, settings: { ...hop.settings, down: false } });
    expect(believing(cells, up).flatMap(contradiction)).not.toEqual([]);
  });
});
