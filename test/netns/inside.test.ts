import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  topologyFile,
  verify,
} from '../support/cli.js';
import { addressesInUse } from '../support/settled.js';

/** What a node can hold inside: namespaces, devices, addresses, routes, settings, on a real kernel. */

const LAB = `name: inside
nodes:
  left:
    kind: netns
    ports: { eth0: { mac: '02:00:00:00:00:01', mtu: 1400 } }
    addresses: { eth0: [10.7.1.2/24, fd07:1::2/64] }
    routes:
      - { to: default, via: 10.7.1.1 }
      - { to: 'fd07:2::/64', via: 'fd07:1::1', dev: eth0 }
  router:
    kind: netns
    addresses: { eth1: [10.7.1.1/24, fd07:1::1/64], eth2: [10.7.2.1/24, fd07:2::1/64] }
    sysctls: { net.ipv4.ip_forward: 1, net.ipv6.conf.all.forwarding: 1 }
  switch:
    kind: netns
    namespaces: [c1, c2]
    devices:
      - { kind: veth, name: c1up, peer: 'c1:eth0', mtu: 1400, peer_mac: '02:00:00:00:00:c1' }
      - { kind: veth, name: c2up, peer: 'c2:eth0' }
      - { kind: bridge, name: br0, members: [uplink, c1up, c2up], group_fwd_mask: 0x4000 }
    addresses: { c1:eth0: [10.7.2.11/24, fd07:2::11/64], c2:eth0: 10.7.2.12/24, br0: 10.7.2.10/24 }
    routes: [{ to: default, via: 10.7.2.1, namespace: c1 }, { to: 'default', via: 'fd07:2::1', namespace: c1 }]
    sysctls: { c1:net.ipv4.ip_default_ttl: 77 }
links:
  - { kind: veth, ends: [left:eth0, router:eth1] }
  - { kind: veth, ends: [router:eth2, switch:uplink] }
verify:
  - { probe: icmp, from: router, to: switch/c1 }
  - { probe: icmp, from: router, to: switch/c1, family: 6 }
  - { probe: icmp, from: switch, to: switch/c2 }
  - { probe: arp, from: switch/c1, to: switch/c2 }
  # The port mask of the bridge lets LLDP through to the containers.
  - { probe: lldp, from: router:eth2, to: switch/c1:eth0 }
`;

let before: string;

const folder = scratchFolder();

beforeAll(async () => {
  before = await hostSnapshot();
  const file = await topologyFile(folder, 'inside.yaml', LAB);
  const { exitCode, stderr } = await cli(['up', file]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  // A router asks for nobody's MAC over IPv6 before its own address of the cable is in use.
  await addressesInUse('inside');
});

afterAll(() => cli(['down', 'inside']));

const run = async (node: string, ...argv: readonly string[]): Promise<string> => {
  const { stdout } = await cli(['exec', node, '--', ...argv]);
  return stdout;
};

describe('inside a node', () => {
  it('ports have the MAC and MTU that are written', async () => {
    expect(await run('left', 'ip', 'link', 'show', 'eth0')).toMatch(
      /mtu 1400 .*02:00:00:00:00:01/s,
    );
    expect(await run('switch/c1', 'ip', 'link', 'show', 'eth0')).toMatch(
      /mtu 1400 .*02:00:00:00:00:c1/s,
    );
  });

  it('routes and settings carry packets from one end of the lab to the other, IPv4 and IPv6', async () => {
    expect(await run('left', 'ping', '-c1', '-W2', '10.7.2.11')).toContain('ttl=76');
    expect(await run('left', 'ping', '-c1', '-W2', 'fd07:2::11')).toContain('1 received');
  });

  it('a bridge joins the port and the containers', async () => {
    const members = await run('switch', 'ip', '-o', 'link', 'show', 'master', 'br0');
    for (const name of ['uplink', 'c1up', 'c2up']) expect(members).toContain(name);
  });

  it('probes cross the bridge, from its own address as well, and LLDP by the mask', async () => {
    const { exitCode, verdicts } = await verify('inside');
    expect(verdicts.map(({ outcome, surprise, message }) => [outcome, surprise, message])).toEqual(
      Array(5).fill(['pass', null, 'It arrived.']),
    );
    expect(exitCode).toBe(0);
  });

  it('leaves nothing of all that behind', async () => {
    expect((await cli(['down', 'inside'])).exitCode).toBe(0);
    await expectHostAsBefore(before);
  });
});
