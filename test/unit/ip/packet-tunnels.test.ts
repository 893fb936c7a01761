import { describe, expect, it } from 'vitest';
import type { FileFilters } from '../../../src/nft/file-filter.js';
import { parseRuleset } from '../../../src/nft/ruleset.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { predictedOf } from '../../../src/probes/predicted.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, isValid, labOf } from '../../support/lab-of.js';

/** Tunnels without Ethernet between two hosts with a router between: what goes by them, and why the rest does not. */

interface Given {
  readonly kind?: string;
  /** What is more to the device of each end, or another device. */
  readonly more?: readonly [object, object];
  readonly devices?: readonly [readonly object[], readonly object[]];
  readonly addresses?: readonly [object, object];
  readonly check?: object;
  readonly node?: object;
}

const labWith = ({ kind = 'ipip', more, devices, addresses, check, node }: Given) => {
  const host = (at: 0 | 1) => ({
    ...{ kind: 'netns', nft: 'as it is read', ...node },
    devices: [
      { kind, name: 'tun', remote: `10.0.${2 - at}.1`, ...more?.[at] },
      ...(devices?.[at] ?? []),
    ],
    addresses: {
      eth1: `10.0.${at + 1}.1/24`,
      tun: [`10.9.0.${at + 1}/24`, `fd09::${at + 1}/64`],
      ...addresses?.[at],
    },
    routes: [{ to: 'default', via: `10.0.${at + 1}.9` }],
  });
  return {
    name: 'tunnelled',
    nodes: {
      a: host(0),
      b: host(1),
      r: {
        ...{ kind: 'netns', sysctls: { 'net.ipv4.ip_forward': 1 } },
        addresses: { eth1: '10.0.1.9/24', eth2: '10.0.2.9/24' },
      },
    },
    links: [
      { kind: 'veth', ends: ['a:eth1', 'r:eth1'] },
      { kind: 'veth', ends: ['r:eth2', 'b:eth1'] },
    ],
    verify: [{ probe: 'icmp', from: 'a:tun', to: 'b:tun', ...check }],
  } as unknown as LabDefinition;
};

function fateOf(given: Given, filters?: FileFilters): string {
  const lab = labOf(labWith(given));
  const { model } = wire(lab, { ...FACTS, ...(filters && { filters }) });
  const { checks, problems } = prepareChecks(lab, model);
  const said = checks[0] && predictedOf(checks[0]);
  if (!said) return problems.map(({ what }) => what).join();
  return said.outcome === 'pass'
    ? 'pass'
    : `${said.leg} dies at ${said.at?.label}: ${said.cause.reason}`;
}

const IPV6 = { family: 6 };

describe('a tunnel without Ethernet', () => {
  it.each<[string, Given]>([
    ['IPv4 by ipip', {}],
    ['IPv6 by sit', { kind: 'sit', check: IPV6 }],
    ['IPv4 by gre', { kind: 'gre' }],
    ['IPv6 by gre', { kind: 'gre', check: IPV6 }],
    ['IPv4 by gre with a key', { kind: 'gre', more: [{ key: 7 }, { key: 7 }] }],
    ['a frame that holds a packet', { check: { probe: 'frame', class: 'icmp' } }],
    ['as much as fits', { check: { size: 1480, dont_fragment: true } }],
    [
      'as much as fits beside a key',
      { kind: 'gre', more: [{ key: 7 }, { key: 7 }], check: { size: 1472, dont_fragment: true } },
    ],
    ['what lives long enough', { check: { ttl: 2 } }],
    [
      'what would not, by a time to live of its own',
      { check: { ttl: 1 }, more: [{ ttl: 9 }, { ttl: 9 }] },
    ],
  ])('carries %s', (_, given) => {
    expect(fateOf(given)).toBe('pass');
  });

  it.each<[string, Given, string]>([
    [
      'ARP',
      { check: { probe: 'arp' } },
      'ARP request dies at a:tun: a:tun carries packets of IPv4 with no header of Ethernet',
    ],
    [
      'LLDP',
      { check: { probe: 'lldp' } },
      'LLDP advertisement dies at a:tun: a:tun carries packets of IPv4 with no header',
    ],
    [
      'a tag',
      { kind: 'gre', check: { probe: 'frame', class: 'icmp', vlan: 5 } },
      'dies at a:tun: a:tun carries packets of IPv4 and IPv6 with no header',
    ],
    [
      'octets that a program writes to gre',
      { kind: 'gre', check: { probe: 'frame', class: 'icmp' } },
      'dies at a:tun: a:tun is told by who sends it what a packet is',
    ],
    [
      'IPv6 by ipip',
      { check: IPV6 },
      'echo request dies at a:tun: a:tun carries packets of IPv4 alone, and this is one of IPv6',
    ],
    [
      'IPv4 by sit',
      { kind: 'sit' },
      'echo request dies at a:tun: a:tun carries packets of IPv6 alone, and this is one of IPv4',
    ],
    [
      'what is too long',
      { check: { size: 1481, dont_fragment: true } },
      'dies at a stack: The packet has 1481 octets',
    ],
    [
      'what lives too short',
      { check: { ttl: 1 } },
      'dies at r:eth1: The packet comes to r with a time to live of 1',
    ],
    [
      'to another key',
      { kind: 'gre', more: [{ key: 7 }, { key: 8 }] },
      'dies at b:eth1: The packet comes with key 7',
    ],
    [
      'from another address',
      { more: [{}, { remote: '10.0.1.8' }] },
      'dies at b:eth1: The packet comes from 10.0.1.1, and b:tun > 10.0.1.8 takes only',
    ],
    [
      'to another kind of tunnel',
      { kind: 'gre', more: [{}, { kind: 'gretap' }] },
      'dies at a stack: It comes to b:eth1 inside a packet of a tunnel, and no tunnel of b takes that',
    ],
  ])('carries no %s', (_, given, reason) => {
    expect(fateOf(given)).toContain(reason);
  });

  it.each([
    ['ARP', 'arp'],
    ['LLDP', 'lldp'],
  ])('is another thing than one that carries it: %s', (_, probe) => {
    expect(fateOf({ kind: 'gretap', check: { probe } })).toBe('pass');
  });

  it.each(['gre', 'vxlan'])('may carry another one: %s', (kind) => {
    const inner = (at: 1 | 2) => [
      { kind, name: 'in', remote: `10.9.0.${at}`, ...(kind === 'vxlan' && { vni: 1 }) },
    ];
    const given: Given = {
      devices: [inner(2), inner(1)],
      addresses: [{ in: '10.8.0.1/24' }, { in: '10.8.0.2/24' }],
      check: { from: 'a:in', to: 'b:in' },
    };
    expect(fateOf(given)).toBe('pass');
    expect(fateOf({ ...given, more: [{}, { remote: '10.0.1.8' }] })).toContain('dies at b:eth1');
  });

  it('is filtered by the protocol of its packets', () => {
    const own = { family: 'ip', table: 't', chain: 'c' };
    const dropping = (right: number): FileFilters => {
      const expr = [
        { match: { op: '==', left: { payload: { protocol: 'ip', field: 'protocol' } }, right } },
        { drop: null },
      ];
      const nftables = [
        { chain: { ...own, name: 'c', type: 'filter', hook: 'input', prio: 0, policy: 'accept' } },
        { rule: { ...own, handle: 2, expr } },
      ];
      const ruleset = parseRuleset(JSON.stringify({ nftables }), '');
      return new Map([['b', { text: '', ruleset, bridgeSettings: new Map() }]]);
    };
    expect(fateOf({}, dropping(4))).toContain('dies at b:eth1: nftables drops it');
    expect(fateOf({}, dropping(41))).toBe('pass');
    expect(fateOf({ kind: 'sit', check: IPV6 }, dropping(41))).toContain('dies at b:eth1');
  });
});

describe('a device without Ethernet', () => {
  const withDevice = (device: object): LabDefinition =>
    labWith({ node: { nft: undefined }, devices: [[device], []], check: { probe: 'icmp' } });

  it('is the member of a VRF', () => {
    expect(isValid(withDevice({ kind: 'vrf', name: 'red', table: 9, members: ['tun'] }))).toBe(
      true,
    );
  });

  it.each<object>([
    { kind: 'bridge', name: 'br0', members: ['tun'] },
    { kind: 'bond', name: 'bond0', mode: 'active-backup', members: ['tun'] },
    { kind: 'vlan', name: 'v5', lower: 'tun', id: 5 },
    { kind: 'macvlan', name: 'mv', lower: 'tun', mode: 'bridge' },
  ])('is no member of a switch, and nothing stands on it: %o', (device) => {
    expect(() => labOf(withDevice(device))).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            what: expect.stringContaining('`tun` carries packets and no Ethernet') as string,
          }),
        ],
      }),
    );
  });
});
