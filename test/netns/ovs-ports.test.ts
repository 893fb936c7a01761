import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { Hop } from '../../src/hops/types.js';
import { nodesOf, walk } from '../../src/hops/walk.js';
import { cli, cliJson, scratchFolder, topologyFile } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Patch ports and mirrors of Open vSwitch, in a namespace of this machine. */

const LAB = `name: ovp
nodes:
  s:
    kind: netns
    ports: { eth1: { mtu: 1600 }, eth2: { mtu: 1600 } }
    devices:
      - { kind: ovs, name: a0, forward_bpdu: true, ports: [eth1, { port: pa0, peer: pa1 }] }
      - { kind: ovs, name: a1, forward_bpdu: true, ports: [eth2, { port: pa1, peer: pa0 }] }
      - { kind: ovs, name: b0, forward_bpdu: true, ports: [{ port: eth3, tag: 7 }, { port: pb0, peer: pb1, trunks: [0, 7] }] }
      - { kind: ovs, name: b1, ports: [eth4, { port: pb1, peer: pb0, tag: 7, vlan_mode: native-untagged }] }
      - kind: ovs
        name: c0
        fail_mode: secure
        ports: [eth5, { port: pc0, peer: pc1, number: 9 }]
        flows: ['in_port=eth5,actions=pc0', 'in_port=9,dl_type=0x88cc,actions=eth5']
      - { kind: ovs, name: c1, forward_bpdu: true, stp: true, priority: 4096, ports: [eth6, { port: pc1, peer: pc0, lldp: true }, { port: r1, peer: q1, cost: 7 }, { port: r2, peer: q2 }] }
      - { kind: ovs, name: c2, forward_bpdu: true, stp: true, ports: [eth7, { port: q1, peer: r1 }, { port: q2, peer: r2 }] }
      - kind: ovs
        name: m0
        ports: [mx, { port: my, tag: 7 }, mo, { port: mp, peer: mq }]
        mirrors: [{ name: in-and-out, select_src_port: [mx], select_dst_port: [mx], output_port: mo }]
      - kind: ovs
        name: m1
        forward_bpdu: true
        ports: [mz, { port: mq, peer: mp }, { port: mt, tag: 7, vlan_mode: native-untagged }, { port: mu, trunks: [99] }]
        mirrors: [{ name: into-vlan, select_all: true, select_vlan: [7], output_vlan: 99 }]
      - kind: ovs
        name: m2
        stp: true
        ports: [nx, ny, no]
        flows: ['priority=9,in_port=nx,dl_type=0x88cc,actions=no,ny']
        mirrors: [{ name: all, select_all: true, output_port: no }]
  n1: { kind: netns, ports: { eth1: { mtu: 1600 }, eth2: { mtu: 1600 } } }
  n2: { kind: netns }
  n3: { kind: netns }
links:
  - { kind: veth, ends: [n1:eth1, s:eth1] }
  - { kind: veth, ends: [n1:eth2, s:eth2] }
  - { kind: veth, ends: [n1:eth3, s:eth3] }
  - { kind: veth, ends: [n2:eth4, s:eth4] }
  - { kind: veth, ends: [n1:eth5, s:eth5] }
  - { kind: veth, ends: [n2:eth6, s:eth6] }
  - { kind: veth, ends: [n1:eth7, s:eth7] }
  - { kind: veth, ends: [n1:mx, s:mx] }
  - { kind: veth, ends: [n2:my, s:my] }
  - { kind: veth, ends: [n3:mo, s:mo] }
  - { kind: veth, ends: [n3:mz, s:mz] }
  - { kind: veth, ends: [n1:mt, s:mt] }
  - { kind: veth, ends: [n3:mu, s:mu] }
  - { kind: veth, ends: [n1:nx, s:nx] }
  - { kind: veth, ends: [n2:ny, s:ny] }
  - { kind: veth, ends: [n3:no, s:no] }
verify:
  - { probe: frame, class: unicast-own, from: n1:eth7, to: n2:eth6 }
`;

const PAIRS = [
  ['n1:eth1', 'n1:eth2'],
  ['n1:eth3', 'n2:eth4'],
  ['n1:eth5', 'n2:eth6'],
  ['n2:eth6', 'n1:eth7'],
  ['n1:mx', 'n3:mo'],
  ['n2:my', 'n3:mo'],
  ['n3:mz', 'n3:mo'],
  ['n3:mz', 'n3:mu'],
  ['n1:mt', 'n3:mu'],
  ['n1:mt', 'n3:mz'],
  ['n1:mt', 'n1:mx'],
  ['n1:nx', 'n2:ny'],
  ['n1:nx', 'n3:no'],
  ['n2:ny', 'n3:no'],
] as const;

const folder = scratchFolder();
const settled = () => cli(['verify', 'ovp']);
const switches = (...argv: readonly string[]) =>
  execa('ip', [
    ...['netns', 'exec', 'ovp.s', 'env', 'OVS_RUNDIR=/run/patchlab.ovp.s.open-vswitch'],
    ...argv,
  ]);
const drift = async (): Promise<readonly (readonly [string, string])[]> => {
  const { result } = await cliJson('status', 'ovp');
  return 'drift' in result ? result.drift.map(({ id, how }) => [id, how] as const) : [];
};
const lab = matrixLab(LAB, { pairs: PAIRS, sizes: [1500, 1600] }, settled);

describe('patch ports', () => {
  it('carry every class as the settings of both bridges say', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What Open vSwitch did, told without the model.
  it('are no end of the way of any frame, and have no MTU of their own', () => {
    expect(lostIn(lab.cells, 'n1:eth1', 'n1:eth2')).toEqual([]);
    const reserved = ['lldp', 'stp', 'lacp', 'dot1x', 'pause', 'cdp'];
    expect(lostIn(lab.cells, 'n1:eth3', 'n2:eth4')).toEqual(expect.arrayContaining(reserved));
    expect(arrivedIn(lab.cells, 'n1:eth7', 'n2:eth6')).toContain('unicast-own');
  });

  it('are contradicted when they are believed to have an MTU, or other VLANs', () => {
    const asDevices = believing(lab.cells, (hop: Hop) =>
      'ports' in hop.settings
        ? {
            ...hop,
            settings: {
              ...hop.settings,
              ports: Object.fromEntries(
                Object.entries(hop.settings.ports as object).map(([id, port]) => [
                  id,
                  { ...(port as object), isPatch: false },
                ]),
              ),
            },
          }
        : hop,
    );
    expect(asDevices.flatMap(contradiction)).not.toEqual([]);
  });
});

describe('mirrors', () => {
  // What Open vSwitch did, told without the model.
  it('copy what enters and leaves to a port that carries nothing else', () => {
    expect(lostIn(lab.cells, 'n1:mx', 'n3:mo')).toEqual(['1600 octets', '1600 octets in 7']);
    expect(arrivedIn(lab.cells, 'n3:mo', 'n1:mx')).toEqual([]);
    // What is flooded leaves by `mx` too; what NORMAL drops does not.
    expect(arrivedIn(lab.cells, 'n2:my', 'n3:mo')).toContain('unicast-own');
    expect(arrivedIn(lab.cells, 'n2:my', 'n3:mo')).not.toContain('lldp');
    expect(arrivedIn(lab.cells, 'n3:mz', 'n3:mo')).toContain('arp-request');
  });

  it('copy BPDUs that the bridge takes, and what a flow sends to their port arrives too', () => {
    expect(arrivedIn(lab.cells, 'n1:nx', 'n3:no')).toEqual(
      expect.arrayContaining(['stp', 'lldp', 'lacp']),
    );
    expect(arrivedIn(lab.cells, 'n1:nx', 'n2:ny')).not.toContain('stp');
  });

  it('put copies into a VLAN, but those of reserved addresses', () => {
    const copied = arrivedIn(lab.cells, 'n1:mt', 'n3:mu');
    expect(copied).toContain('unicast-own');
    expect(copied).not.toContain('lldp');
    expect(arrivedIn(lab.cells, 'n3:mz', 'n3:mu')).not.toContain('unicast-own');
  });

  it('send a copy beside the frame itself, and back to the sender, as the walk says', () => {
    const cell = lab.cells.find(
      ({ from, to, frame }) => `${from} ${to} ${frame.name}` === 'n1:mt n3:mz unicast-own',
    );
    const [first] = cell?.path ?? [];
    if (!cell || !first) throw new Error('there is no such cell');
    const walked = nodesOf(walk(cell.model, first, cell.frame.spec));
    const tagsAt = (id: string) =>
      walked
        .filter(({ hop, from }) => hop.id === id && from)
        .map(({ frame }) => frame.vlans.map((tag) => tag.id).join())
        .toSorted();
    expect(tagsAt('s mz')).toEqual(['7', '99']);
    expect(tagsAt('n1 mt')).toEqual(['99']);
    const captured = (at: number) =>
      (cell.sights[at] ?? [])
        .filter((hex) => hex.includes(cell.frame.token))
        .map((hex) => /^.{24}8100.(...)/.exec(hex)?.[1] ?? 'none')
        .toSorted();
    expect(captured(3)).toEqual(['007', '063']);
    expect(captured(0)).toEqual(['063', 'none']);
  });

  it('are contradicted when they are believed not to be there', () => {
    const without = believing(lab.cells, (hop: Hop) => ({
      ...hop,
      settings: { ...hop.settings, ...('mirrors' in hop.settings && { mirrors: [] }) },
    }));
    expect(without.flatMap(contradiction)).not.toEqual([]);
  });
});

describe('what is up', () => {
  it('is missed and mended, and changed in place', async () => {
    expect(await drift()).toEqual([]);
    await switches('ovs-vsctl', 'set', 'interface', 'pb0', 'options:peer=pb9');
    await switches('ovs-vsctl', 'del-port', 'a0', 'pa0');
    await switches('ovs-vsctl', 'clear', 'bridge', 'm1', 'mirrors');
    await switches('ovs-vsctl', 'set', 'mirror', 'in-and-out', 'select_dst_port=[]');
    expect((await drift()).toSorted()).toEqual([
      ['mirror in-and-out of s m0', 'change'],
      ['mirror into-vlan of s m1', 'create'],
      ['ovs s a0 pa0', 'create'],
      ['ovs s b0 pb0', 'change'],
    ]);
    const other = await topologyFile(
      folder,
      'other.yaml',
      LAB.replace('peer: pb1, trunks: [0, 7]', 'peer: pb1, tag: 9')
        .replace(/, \{ port: q2, peer: r2 \}|, \{ port: r2, peer: q2 \}/g, '')
        .replace('name: all, select_all: true', 'name: all, select_src_port: [ny]'),
    );
    const { exitCode, stdout } = await cli(['up', other, '--no-verify']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/create +join port 2 of a0, pa0, to pa1/);
    expect(stdout).toMatch(/change +join port 2 of b0, pb0, to pb1/);
    expect(stdout).toMatch(/create +m1: copies of the mirror into-vlan to VLAN 99/);
    expect(stdout).toMatch(/change +m0: copies of the mirror in-and-out to mo/);
    expect(stdout).toMatch(/change +m2: copies of the mirror all to no/);
    expect(stdout).not.toMatch(/replace/);
    expect((await switches('ovs-vsctl', 'list-ports', 'c2')).stdout.split('\n')).toEqual([
      'eth7',
      'q1',
    ]);
    expect(await drift()).toEqual([]);
  });
});
