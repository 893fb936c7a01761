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
import { contradiction, frameMatrix } from '../support/frame-matrix.js';

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
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
  c: { kind: netns }
links:
  - { name: la, kind: veth, ends: [a:eth1, s1:eth1] }
  - { kind: veth, ends: [b:eth1, s1:eth2] }
  - { kind: veth, ends: [c:eth1, s1:eth3] }
verify:
  - { probe: icmp, from: a, to: b }
  - { probe: icmp, from: b, to: a }
  - { do: cut la }
  - { probe: icmp, from: a, to: b, expect: blocked }
  - { do: plug la }
  - { probe: icmp, from: a, to: b }
`;

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
    ] as const;
    expect((await frameMatrix(LAB, { pairs })).flatMap(contradiction)).toEqual([]);
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
    expect((await switches('ovs-vsctl', 'list-br')).stdout).toBe('of');
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
