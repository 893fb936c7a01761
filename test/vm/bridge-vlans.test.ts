import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { cli, cliJson, scratchFolder, topologyFile, verify } from '../support/cli.js';

/** A port whose PVID is also listed among its VLANs, in a guest: its kernel filters VLANs. */

const LAB = `name: pvid
nodes:
  sw:
    kind: vm
    namespaces: [x, y]
    devices:
      - { kind: veth, name: px, peer: x:eth1 }
      - { kind: veth, name: py, peer: y:eth1 }
      - kind: bridge
        name: br0
        mtu: 1400
        vlan_filtering: true
        snooping: true
        members:
          - { port: px, pvid: 226, vlans: [226, 227], fdb: [{ mac: '02:00:00:00:00:99', vlan: 227 }] }
          - { port: py, pvid: 226, mdb: [{ group: 239.1.1.1, vlan: 226 }] }
    addresses: { x:eth1: 203.0.113.1/24, y:eth1: 203.0.113.2/24 }
links: []
verify:
  - { probe: icmp, from: sw/x, to: sw/y }
  - { probe: icmp, from: sw/y, to: sw/x }
`;

const folder = scratchFolder();

beforeAll(async () => {
  expect(await cli(['up', await topologyFile(folder, 'pvid.yaml', LAB)])).toMatchObject({
    exitCode: 0,
  });
});

afterAll(async () => {
  expect((await cli(['down', 'pvid'])).exitCode).toBe(0);
});

const inGuest = async (...argv: readonly string[]): Promise<string> => {
  const { exitCode, stdout } = await cli(['exec', 'sw', '--', ...argv]);
  expect(exitCode).toBe(0);
  return stdout;
};

describe('a PVID that is also listed', () => {
  it('stays PVID and untagged', async () => {
    const ports = JSON.parse(await inGuest('bridge', '-j', 'vlan', 'show', 'dev', 'px')) as unknown;
    expect(ports).toEqual([
      {
        ifname: 'px',
        vlans: [{ vlan: 226, flags: ['PVID', 'Egress Untagged'] }, { vlan: 227 }],
      },
    ]);
  });

  it('lets through what the model says, and the MTU of the bridge is as written', async () => {
    const { exitCode, verdicts } = await verify('pvid');
    expect(exitCode).toBe(0);
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual([
      ['pass', null],
      ['pass', null],
    ]);
    expect(await inGuest('cat', '/sys/class/net/br0/mtu')).toBe('1400');
  });

  it('has its static entries in the VLANs that are written, and they are missed where they go', async () => {
    const drift = async (): Promise<readonly string[]> => {
      const { result } = await cliJson('status', 'pvid');
      return 'drift' in result ? result.drift.map(({ id }) => id) : [];
    };
    expect(await inGuest('bridge', 'fdb', 'show', 'dev', 'px', 'vlan', '227')).toContain(
      '02:00:00:00:00:99',
    );
    expect(await inGuest('bridge', 'mdb', 'show')).toMatch(
      /port py grp 239.1.1.1 permanent.* vid 226/,
    );
    expect(await drift()).toEqual([]);
    await inGuest(
      'bridge',
      'fdb',
      'del',
      '02:00:00:00:00:99',
      'dev',
      'px',
      'master',
      'vlan',
      '227',
    );
    await inGuest(
      ...['bridge', 'mdb', 'del', 'dev', 'br0', 'port', 'py', 'grp', '239.1.1.1', 'vid', '226'],
    );
    expect(await drift()).toEqual([
      'fdb sw br0 px 02:00:00:00:00:99 in VLAN 227',
      'mdb sw br0 py 239.1.1.1 in VLAN 226',
    ]);
    expect((await cli(['up', join(folder, 'pvid.yaml')])).exitCode).toBe(0);
    expect(await drift()).toEqual([]);
  });

  it('is missed where somebody takes it away: the model reads back what the bridge has', async () => {
    await inGuest('sh', '-c', 'bridge vlan add dev px vid 226');
    const { exitCode, verdicts } = await verify('pvid');
    expect(exitCode).toBe(1);
    expect(verdicts[0]?.blame).toMatchObject({
      reason: expect.stringMatching(
        /pvid is 0, not 226.*no VLAN for frames without a tag/s,
      ) as string,
    });
  });
});
