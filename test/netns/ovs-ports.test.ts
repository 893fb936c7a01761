import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { Hop } from '../../src/hops/types.js';
import { cli, cliJson, scratchFolder, topologyFile } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Patch ports of Open vSwitch, in a namespace of this machine. */

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
  n1: { kind: netns, ports: { eth1: { mtu: 1600 }, eth2: { mtu: 1600 } } }
  n2: { kind: netns }
links:
  - { kind: veth, ends: [n1:eth1, s:eth1] }
  - { kind: veth, ends: [n1:eth2, s:eth2] }
  - { kind: veth, ends: [n1:eth3, s:eth3] }
  - { kind: veth, ends: [n2:eth4, s:eth4] }
  - { kind: veth, ends: [n1:eth5, s:eth5] }
  - { kind: veth, ends: [n2:eth6, s:eth6] }
  - { kind: veth, ends: [n1:eth7, s:eth7] }
verify:
  - { probe: frame, class: unicast-own, from: n1:eth7, to: n2:eth6 }
`;

const PAIRS = [
  ['n1:eth1', 'n1:eth2'],
  ['n1:eth3', 'n2:eth4'],
  ['n1:eth5', 'n2:eth6'],
  ['n2:eth6', 'n1:eth7'],
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

  it('are missed and mended, and changed in place', async () => {
    expect(await drift()).toEqual([]);
    await switches('ovs-vsctl', 'set', 'interface', 'pb0', 'options:peer=pb9');
    await switches('ovs-vsctl', 'del-port', 'a0', 'pa0');
    expect(await drift()).toEqual([
      ['ovs s a0 pa0', 'create'],
      ['ovs s b0 pb0', 'change'],
    ]);
    const other = await topologyFile(
      folder,
      'other.yaml',
      LAB.replace('peer: pb1, trunks: [0, 7]', 'peer: pb1, tag: 9').replace(
        /, \{ port: q2, peer: r2 \}|, \{ port: r2, peer: q2 \}/g,
        '',
      ),
    );
    const { exitCode, stdout } = await cli(['up', other, '--no-verify']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/create +join port 2 of a0, pa0, to pa1/);
    expect(stdout).toMatch(/change +join port 2 of b0, pb0, to pb1/);
    expect(stdout).not.toMatch(/replace/);
    expect((await switches('ovs-vsctl', 'list-ports', 'c2')).stdout.split('\n')).toEqual([
      'eth7',
      'q1',
    ]);
    expect(await drift()).toEqual([]);
  });
});
