import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, cliJson, scratchFolder, status, topologyFile, verify } from '../support/cli.js';
import { contradiction, frameMatrix, lostIn, type Cell } from '../support/frame-matrix.js';

/** A VRF in a namespace of a guest: what its kernel does with packets of its table, of main, and of neither. */

const lab = (table: number, mode: string, mtu = 1500): string => `name: hv
nodes:
  g:
    kind: vm
    namespaces: [r, b, c, m, n]
    devices:
      - { kind: veth, name: 'r:e1', peer: 'b:e1' }
      - { kind: veth, name: 'r:e2', peer: 'c:e1' }
      - { kind: vrf, name: 'r:red', table: ${table}, members: ['r:e1'] }
      - { kind: veth, name: 'm:e1', peer: 'n:e1' }
      - { kind: veth, name: 'm:e2', peer: 'n:e2' }
      - { kind: bond, name: 'm:bond0', mtu: ${mtu}, mode: ${mode}, members: ['m:e1', 'm:e2'] }
      - { kind: bond, name: 'n:bond0', mtu: ${mtu}, mode: ${mode}, members: ['n:e1', 'n:e2'] }
    addresses:
      r:e1: [10.0.1.1/24, 'fd00:1::1/64']
      r:e2: [10.0.2.1/24, 'fd00:2::1/64']
      b:e1: [10.0.1.2/24, 'fd00:1::2/64']
      c:e1: [10.0.2.2/24, 'fd00:2::2/64']
      m:bond0: 10.0.3.1/24
      n:bond0: 10.0.3.2/24
    routes:
      - { to: default, via: 10.0.1.1, namespace: b }
      - { to: default, via: 10.0.2.1, namespace: c }
      - { to: default, via: 10.0.1.2, vrf: red, namespace: r }
      - { to: 10.0.4.0/24, type: unreachable, vrf: red, namespace: r }
    sysctls: { r:net.ipv4.ip_forward: 1 }
links: []
verify:
  - { probe: icmp, from: 'g/r:e1', to: g/b }
  - { probe: icmp, from: 'g/r:red', to: g/b }
  - { probe: icmp, from: 'g/r:red', to: g/b, family: 6 }
  - { probe: icmp, from: g/b, to: 'g/r:e1' }
  - { probe: icmp, from: g/b, to: 'g/r:e1', family: 6 }
  # The addresses of main are known to all, and answered by the VRF.
  - { probe: icmp, from: g/b, to: 'g/r:e2' }
  # Those of the VRF are not known in main.
  - { probe: icmp, from: g/c, to: 'g/r:e1', expect: blocked, at: g/r stack }
  - { probe: icmp, from: g/c, to: 'g/r:e2' }
  # From main there is no way into the VRF.
  - { probe: icmp, from: g/c, to: g/b, expect: blocked, at: g/r stack }
  - { probe: icmp, from: g/m, to: g/n }
  - { probe: arp, from: 'g/r:e1', to: 'g/b:e1' }
  - { probe: arp, from: 'g/b:e1', to: 'g/r:e1' }
`;

const folder = scratchFolder();
let cells: readonly Cell[];
let verdicts: Awaited<ReturnType<typeof verify>>['verdicts'];

const inGuest = async (script: string): Promise<string> => {
  const { exitCode, stdout } = await cli(['exec', 'g', '--', 'sh', '-c', script]);
  expect(exitCode).toBe(0);
  return stdout;
};
const up = async (table = 10, mode = 'active-backup', mtu = 1500) =>
  cli(['up', await topologyFile(folder, 'hv.yaml', lab(table, mode, mtu))]);

beforeAll(async () => {
  expect(await up()).toMatchObject({ exitCode: 0 });
  ({ verdicts } = await verify('hv'));
  cells = await frameMatrix(lab(10, 'active-backup'), { pairs: [['g/r:e1', 'g/b:e1']] });
});

afterAll(async () => {
  expect((await cli(['down', 'hv'])).exitCode).toBe(0);
});

describe('the model of a VRF', () => {
  it('is what the kernel does with packets of its table and of main', () => {
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual(
      verdicts.map(() => ['pass', null]),
    );
  });

  it('has its members take frames as if it were not there', () => {
    expect(cells.flatMap(contradiction)).toEqual([]);
    expect(lostIn(cells, 'g/b:e1', 'g/r:e1')).toEqual([]);
  });
});

describe('a VRF and a bond', () => {
  it('are read back, and what somebody has changed by hand is mended', async () => {
    expect((await status('hv')).drift).toEqual([]);
    await inGuest(
      'ip -n r link set e1 nomaster; ip -n m link set bond0 type bond miimon 250; ip -n n link set e1 nomaster; ip -n n link set e2 nomaster',
    );
    const told = (await status('hv')).drift.map(({ id }) => id);
    expect(told).toEqual(
      expect.arrayContaining(['vrf g/r red e1', 'bond g/m bond0', 'bond g/n bond0 e2']),
    );
    expect(await up()).toMatchObject({ exitCode: 0 });
    expect((await status('hv')).drift).toEqual([]);
    expect((await verify('hv')).exitCode).toBe(0);
  });

  it('are replaced where the kernel keeps what they are, with all that is in them', async () => {
    expect(await up(20, 'broadcast', 1300)).toMatchObject({ exitCode: 0 });
    expect(await inGuest('ip -n r route show vrf red')).toContain('default via 10.0.1.2 dev e1');
    expect(await inGuest('ip -n r -d link show red')).toContain('vrf table 20');
    expect(await inGuest('ip -n m -d link show bond0')).toContain('mode broadcast');
    expect((await status('hv')).drift).toEqual([]);
    const { result } = await cliJson('verify', 'hv');
    expect(result.findings).toEqual([]);
  });
});
