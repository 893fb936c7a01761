import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { attackedHost } from '../support/attacked-host.js';
import {
  cli,
  cliJson,
  hostSnapshot,
  scratchFolder,
  topologyFile,
  restoresHost,
} from '../support/cli.js';

/** Bridges of the host and in namespaces, where people were told something wrong. */

const folder = scratchFolder();
const before = restoresHost();

const up = async (text: string) => cli(['up', await topologyFile(folder, 'lab.yaml', text)]);

async function proved(lab: string) {
  const { exitCode, result } = await cliJson('verify', lab);
  return {
    exitCode,
    findings: result.findings.map(({ kind }) => kind),
    surprises: result.verdicts.filter(({ surprise }) => surprise !== null),
  };
}

const FINE = { exitCode: 0, findings: [], surprises: [] };

const mtuOf = async (...argv: readonly string[]): Promise<number | undefined> => {
  const { stdout } = await execa('ip', [...argv]);
  return (JSON.parse(stdout) as readonly { mtu: number }[])[0]?.mtu;
};

describe('a lab with an address of the machine itself', () => {
  it('hears its own node, and not the machine', async () => {
    const host = await attackedHost();
    try {
      const [ip] = host.addresses;
      expect(
        await up(`name: owns
nodes:
  a: { kind: netns, addresses: { eth1: 198.51.100.1/24 } }
  b: { kind: netns, addresses: { eth1: ${ip}/24 } }
links:
  - { name: lan, kind: bridge, ends: [a:eth1, b:eth1] }
verify:
  - { probe: icmp, from: a:eth1, to: b:eth1 }
  - { probe: arp, from: a:eth1, to: b:eth1 }
`),
      ).toMatchObject({ exitCode: 0 });
      expect(await proved('owns')).toEqual(FINE);
      const { stdout } = await execa('ip', [
        ...['netns', 'exec', 'owns.a', 'arping', '-c', '2', '-w', '3', '-I', 'eth1', ip],
      ]);
      const { stdout: own } = await execa('ip', ['-n', 'owns.b', '-j', 'link', 'show', 'eth1']);
      const [{ address = '' } = {}] = JSON.parse(own) as readonly { address?: string }[];
      const answers = stdout.split('\n').filter((line) => line.includes('reply from'));
      expect(answers).not.toEqual([]);
      expect(answers.filter((line) => !line.toLowerCase().includes(address))).toEqual([]);
      expect(await cli(['down', 'owns'])).toMatchObject({ exitCode: 0 });
    } finally {
      await host.end();
    }
  });
});

describe('an address on a port of a bridge', () => {
  it('hears no answers and gives none, as predicted; one on the bridge does', async () => {
    const both = (from: string, to: string) =>
      `  - { probe: icmp, from: ${from}, to: ${to} }\n  - { probe: icmp, from: ${from}, to: ${to}, family: 6 }\n`;
    expect(
      await up(`name: on-port
nodes:
  a:
    kind: netns
    devices: [{ kind: bridge, name: br0, members: [eth1] }, { kind: bridge, name: br1, members: [eth2] }]
    addresses:
      eth1: [10.0.1.1/24, 'fd00:1::1/64']
      br1: [10.0.2.1/24, 'fd00:2::1/64']
  b:
    kind: netns
    addresses: { eth1: [10.0.1.2/24, 'fd00:1::2/64'], eth2: [10.0.2.2/24, 'fd00:2::2/64'] }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
verify:
${both('a:eth1', 'b:eth1')}${both('b:eth1', 'a:eth1')}${both('a:br1', 'b:eth2')}${both('b:eth2', 'a:br1')}`),
    ).toMatchObject({ exitCode: 0 });
    const { exitCode, result } = await cliJson('verify', 'on-port');
    const onPort = {
      ...{ at: 'a stack', predicted: true, remedy: expect.stringContaining('to a:br0') as string },
    };
    expect(exitCode).toBe(1);
    expect(result.verdicts.map(({ surprise }) => surprise)).toEqual(Array(8).fill(null));
    expect(result.verdicts.map(({ blame }) => blame)).toMatchObject([
      ...[onPort, onPort, onPort, onPort, null, null, null, null],
    ]);
    expect(await cli(['down', 'on-port'])).toMatchObject({ exitCode: 0 });
  });
});

describe('the MTU of a bridge', () => {
  it.each([900, 1400])('is %i after its ports have joined, on the host', async (mtu) => {
    const lab = `name: mtu
nodes:
  a: { kind: netns, addresses: { eth1: 203.0.113.1/24 } }
  b: { kind: netns, addresses: { eth1: 203.0.113.2/24 } }
links:
  - { name: lan, kind: bridge, mtu: ${mtu}, ends: [a:eth1, b:eth1] }
verify:
  - { probe: icmp, from: a:eth1, to: b:eth1 }
`;
    expect(await up(lab)).toMatchObject({ exitCode: 0 });
    expect(await mtuOf('-j', 'link', 'show', 'type', 'bridge')).toBe(mtu);
    expect(await proved('mtu')).toEqual(FINE);
  });

  it('is what the file says after its ports have joined, in a node', async () => {
    const lab = `name: mtu
nodes:
  a: { kind: netns, addresses: { eth1: 203.0.113.1/24 } }
  b: { kind: netns, addresses: { eth1: 203.0.113.2/24 } }
  sw:
    kind: netns
    devices: [{ kind: bridge, name: br0, mtu: 1400, members: [eth1, eth2] }]
links:
  - { kind: veth, ends: [a:eth1, sw:eth1] }
  - { kind: veth, ends: [b:eth1, sw:eth2] }
verify:
  - { probe: icmp, from: a:eth1, to: b:eth1 }
`;
    expect(await up(lab)).toMatchObject({ exitCode: 0 });
    expect(await mtuOf('-n', 'mtu.sw', '-j', 'link', 'show', 'br0')).toBe(1400);
    expect(await proved('mtu')).toEqual(FINE);
  });
});

describe('a bridge in a namespace', () => {
  it('that filters VLANs is refused before anything is touched where the kernel cannot', async () => {
    const { exitCode: able } = await execa(
      'unshare',
      ['--net', 'ip', 'link', 'add', 'probe0', 'type', 'bridge', 'vlan_filtering', '1'],
      { reject: false },
    );
    const { exitCode, stderr } = await up(`name: filters
nodes:
  vm999: { kind: netns, addresses: { eth0: 203.0.113.99/24 } }
  pve:
    kind: netns
    devices:
      - kind: bridge
        name: vmbr0
        vlan_filtering: true
        members: [{ port: tap999, pvid: 210 }, { port: eno1 }]
  dhcp: { kind: netns, addresses: { eth0: 203.0.113.1/24 } }
links:
  - { kind: veth, ends: [vm999:eth0, pve:tap999] }
  - { kind: veth, ends: [pve:eno1, dhcp:eth0] }
`);
    if (able === 0) {
      expect(exitCode).toBe(0);
      return;
    }
    expect(exitCode).toBe(4);
    expect(stderr).toContain('kernel-kind:bridge-vlan-filtering');
    expect(stderr).toContain('patchlab up --in-guest');
    expect(stderr).not.toContain('RTNETLINK');
    expect(await hostSnapshot()).toBe(before());
  });
});
