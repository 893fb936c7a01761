import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  topologyFile,
  verify,
} from '../support/cli.js';
import { parseGroup } from '../../src/hops/openflow/group.js';
import {
  arrivedIn,
  believing,
  contradiction,
  frameMatrix,
  lostIn,
} from '../support/frame-matrix.js';

/** Bridges of Open vSwitch in namespaces of this machine, each with daemons of its own. */

const LAB = `name: own
nodes:
  s1:
    kind: netns
    namespaces: [in]
    devices:
      - kind: ovs
        name: of
        ports: [eth1, { port: eth2, number: 7 }, eth3]
        fail_mode: secure
        flows: ['priority=10,in_port=eth1,actions=output:7', 'priority=10,in_port=7,actions=NORMAL', 'in_port=eth3,dl_type=0x88cc,actions=eth1,eth2']
      - { kind: veth, name: in:x, peer: in:y }
      - { kind: ovs, name: in:br, ports: [in:x], forward_bpdu: true }
      - kind: ovs
        name: gr
        ports: [eth4, eth5, eth6]
        fail_mode: secure
        groups:
          - 'group_id=1,type=all,bucket=eth6,bucket=actions=mod_dl_src:02:00:00:00:00:07,output:eth5'
          - 'group_id=2,type=ff,bucket=watch_port:eth4,actions=eth4,bucket=watch_port:eth6,eth6'
          - 'group_id=3,type=indirect,bucket=actions=group:2'
          - 'group_id=4,type=select,bucket=weight:0,actions=eth5,bucket=weight:3,watch_port:eth4,actions=eth4'
          - 'group_id=5,type=select,bucket=eth4,bucket=eth5'
        flows:
          - 'in_port=eth4,actions=group:1'
          - 'in_port=eth5,actions=group:3'
          - 'in_port=eth6,dl_type=0x88cc,actions=group:5'
          - 'priority=1,in_port=eth6,actions=group:4'
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
  c: { kind: netns }
  d: { kind: netns, addresses: { eth1: 10.0.1.1/24 } }
  e: { kind: netns, addresses: { eth1: 10.0.1.2/24 } }
  f: { kind: netns, addresses: { eth1: 10.0.1.3/24 } }
links:
  - { name: la, kind: veth, ends: [a:eth1, s1:eth1] }
  - { kind: veth, ends: [b:eth1, s1:eth2] }
  - { kind: veth, ends: [c:eth1, s1:eth3] }
  - { name: ld, kind: veth, ends: [d:eth1, s1:eth4] }
  - { kind: veth, ends: [e:eth1, s1:eth5] }
  - { kind: veth, ends: [f:eth1, s1:eth6] }
verify:
  - { probe: icmp, from: a, to: b }
  - { probe: icmp, from: b, to: a }
  - { probe: frame, class: unicast-own, from: e, to: d }
  - { probe: frame, class: unicast-own, from: e, to: f, expect: blocked }
  - { do: cut la ld }
  - { probe: frame, class: unicast-own, from: e, to: f }
  - { probe: frame, class: unicast-own, from: f, to: d, expect: blocked }
  - { probe: icmp, from: a, to: b, expect: blocked }
  - { do: plug la ld }
  - { probe: icmp, from: a, to: b }
`;

/** What the model is to believe wrongly. */
const ONE_BUCKET = ['group_id=1,type=all,bucket=3', 'group_id=3,type=indirect,bucket=3'].map(
  (text) => parseGroup(text),
);

const folder = scratchFolder();
const FOLDERS = ['/run/patchlab.own.s1.open-vswitch', '/run/patchlab.own.s1.in.open-vswitch'];
const switches = (...argv: readonly string[]) =>
  execa('ip', ['netns', 'exec', 'own.s1', 'env', `OVS_RUNDIR=${FOLDERS[0] ?? ''}`, ...argv]);
const drift = async (): Promise<readonly (readonly [string, string])[]> => {
  const { result } = await cliJson('status', 'own');
  return 'drift' in result ? result.drift.map(({ id, how }) => [id, how] as const) : [];
};

let before: Awaited<ReturnType<typeof hostSnapshot>>;
let file: string;

beforeAll(async () => {
  before = await hostSnapshot();
  file = await topologyFile(folder, 'own.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
});

afterAll(() => cli(['down', 'own']));

describe('an Open vSwitch of a namespace', () => {
  it('does with every class of frames what the model says of its flows', async () => {
    const pairs = [
      ['a:eth1', 'b:eth1'],
      ['c:eth1', 'a:eth1'],
      ['c:eth1', 'b:eth1'],
      ['d:eth1', 'e:eth1'],
      ['d:eth1', 'f:eth1'],
      ['e:eth1', 'f:eth1'],
    ] as const;
    const cells = await frameMatrix(LAB, { pairs });
    expect(cells.flatMap(contradiction)).toEqual([]);
    // Told without the model: what a bucket changes no other one sees, and `e` is not heard by `f` while `d` is there.
    expect(lostIn(cells, 'd:eth1', 'e:eth1')).toEqual([]);
    expect(lostIn(cells, 'd:eth1', 'f:eth1')).toEqual([]);
    expect(arrivedIn(cells, 'e:eth1', 'f:eth1')).toEqual([]);
    const doubted = believing(cells, (hop) => ({
      ...hop,
      settings: { ...hop.settings, ...('groups' in hop.settings && { groups: ONE_BUCKET }) },
    }));
    expect(doubted.flatMap(contradiction)).not.toEqual([]);
  });

  it('is verified, cut and plugged like any other', async () => {
    const { exitCode, verdicts } = await verify('own');
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual(
      verdicts.map(() => ['pass', null]),
    );
    expect(exitCode).toBe(0);
  });

  it('tells its flows, and which of them decides', async () => {
    const { result } = await cliJson('flows', 's1:of', '--frame', 'lldp', '--in', 'eth3');
    expect(result).toMatchObject({
      bridges: [{ node: 's1', bridge: 'of', decided: { sent: ['eth1', 'eth2'], agree: true } }],
    });
  });

  it('is no part of the Open vSwitch of the machine', async () => {
    expect((await execa('ovs-vsctl', ['list-br'])).stdout).toBe('');
    expect((await switches('ovs-vsctl', 'list-br')).stdout).toBe('gr\nof');
  });

  it('is missed and mended, flow by flow and as a whole', async () => {
    expect(await drift()).toEqual([]);
    await switches('ovs-ofctl', '--strict', 'del-flows', 'of', 'priority=10,in_port=1');
    await switches('ovs-vsctl', 'set', 'bridge', 'of', 'other_config:forward-bpdu=true');
    expect(await drift()).toEqual([
      ['ovs s1 of', 'change'],
      ['flow s1 of priority=10,in_port=1', 'create'],
    ]);
    expect((await cli(['up', file])).exitCode).toBe(0);
    expect(await drift()).toEqual([]);
    // With a group go the flows that use it, and the groups.
    await switches('ovs-ofctl', '-O', 'OpenFlow13', 'del-groups', 'gr', 'group_id=1');
    const other = 'group_id=4,type=select,bucket=weight:2,watch_port:1,actions=output:1';
    await switches('ovs-ofctl', '-O', 'OpenFlow13', 'mod-group', 'gr', other);
    expect((await drift()).toSorted()).toEqual([
      ['flow s1 gr in_port=1', 'create'],
      ['group 1 of s1 gr', 'create'],
      ['group 4 of s1 gr', 'change'],
    ]);
    expect((await cli(['up', file])).exitCode).toBe(0);
    expect(await drift()).toEqual([]);
    await execa('ip', [
      'netns',
      'exec',
      'own.s1',
      'sh',
      '-c',
      `kill -9 $(cat ${FOLDERS[0] ?? ''}.pid)`,
    ]);
    expect((await drift()).map(([id]) => id)).toContain('program own.s1.open-vswitch');
    expect((await cli(['up', file])).exitCode).toBe(0);
    expect(await drift()).toEqual([]);
    expect((await verify('own')).exitCode).toBe(0);
  });

  it('goes with the lab, and leaves nothing', async () => {
    expect(FOLDERS.map((one) => existsSync(one))).toEqual([true, true]);
    expect(await cli(['down', 'own'])).toMatchObject({ exitCode: 0 });
    expect(FOLDERS.map((one) => existsSync(one))).toEqual([false, false]);
    await expectHostAsBefore(before);
  });
});
