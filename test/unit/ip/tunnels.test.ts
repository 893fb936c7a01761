import { describe, expect, it } from 'vitest';
import type { FileFilters } from '../../../src/nft/file-filter.js';
import { parseRuleset } from '../../../src/nft/ruleset.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { predictedOf } from '../../../src/probes/predicted.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** What becomes of the packets of a tunnel on the way below, which a router is on. */

interface Given {
  /** Other routes of a; by its router when left out. */
  readonly routes?: readonly object[];
  readonly sysctls?: Readonly<Record<string, number | string>>;
  /** The tunnels of both ends, by what is more to them. */
  readonly more?: readonly [object, object];
  readonly inside?: readonly [readonly object[], readonly object[]];
  readonly addresses?: readonly [object, object];
  readonly mtu?: number;
  readonly to?: string;
}

const box = (
  net: number,
  routes: readonly object[] | undefined,
  { more = {}, inside = [] as readonly object[], addresses = {}, mtu = 1500 },
) => ({
  ...{ kind: 'netns', nft: 'as it is read', ports: { eth1: { mtu } } },
  devices: [{ kind: 'vxlan', name: 'vx', vni: 1, remote: `10.0.${3 - net}.1`, ...more }, ...inside],
  addresses: { eth1: `10.0.${net}.1/24`, vx: `10.9.0.${net}/24`, ...addresses },
  routes: routes ?? [{ to: 'default', via: `10.0.${net}.9` }],
});

function fateOf(given: Given, filters?: FileFilters): string {
  const { routes, sysctls = { 'net.ipv4.ip_forward': 1 }, to = 'vx', mtu = 1500 } = given;
  const end = (at: 0 | 1) => ({
    more: given.more?.[at] ?? {},
    inside: given.inside?.[at] ?? [],
    addresses: given.addresses?.[at] ?? {},
    mtu,
  });
  const lab = labOf({
    name: 'tunnelled',
    nodes: {
      a: box(1, routes, end(0)),
      b: box(2, undefined, end(1)),
      r: {
        ...{ kind: 'netns', nft: 'as it is read', sysctls },
        addresses: { eth1: '10.0.1.9/24', eth2: '10.0.2.9/24' },
      },
    },
    links: [
      { kind: 'veth', ends: ['a:eth1', 'r:eth1'] },
      { kind: 'veth', ends: ['r:eth2', 'b:eth1'] },
    ],
    verify: [{ probe: 'icmp', from: `a:${to}`, to: `b:${to}` }],
  } as unknown as LabDefinition);
  const { model } = wire(lab, { ...FACTS, ...(filters && { filters }) });
  const [check] = prepareChecks(lab, model).checks;
  const said = check ? predictedOf(check) : undefined;
  if (!said || said.outcome === 'pass') return said?.outcome ?? 'not ready';
  return `${said.leg} ${said.outcome} at ${said.at?.label}: ${said.cause.reason}`;
}

/** A filter of one rule in one stack. */
const filter = (stack: string, family: string, hook: string, expr: object): FileFilters => {
  const own = { family, table: 't', chain: 'c' };
  const nftables = [
    { chain: { ...own, name: 'c', type: 'filter', hook, prio: 0, policy: 'accept' } },
    { rule: { ...own, handle: 2, expr: [expr, { drop: null }] } },
  ];
  const ruleset = parseRuleset(JSON.stringify({ nftables }), '');
  return new Map([[stack, { text: '', ruleset, bridgeSettings: new Map() }]]);
};
const is = (protocol: string, field: string, right: unknown) => ({
  match: { op: '==', left: { payload: { protocol, field } }, right },
});

describe('a frame in a tunnel', () => {
  it('arrives over a router', () => {
    expect(fateOf({})).toBe('pass');
  });

  it.each<[string, Given, string]>([
    ['without a route', { routes: [] }, 'at a:vx > 10.0.2.1: a has no route to 10.0.2.1'],
    ['over a router that is none', { sysctls: {} }, 'at r:eth1: r is no router: forwarding is off'],
    [
      'by a next hop that nobody has',
      { routes: [{ to: 'default', via: '10.0.1.8' }] },
      'the ARP request dies at a:eth1: a asks for 10.0.1.8',
    ],
    [
      'whose route leads over itself',
      { routes: [{ to: '10.0.2.0/24', dev: 'vx' }] },
      'leads over a:vx itself',
    ],
    [
      'that may not live so long',
      { more: [{ ttl: 1 }, {}] },
      'at r:eth1: The packet comes to r with a time to live of 1',
    ],
    [
      'of another port',
      { more: [{ port: 9999 }, {}] },
      'at b:eth1: The packet is for UDP port 9999',
    ],
    ['of another number', { more: [{ vni: 5 }, {}] }, 'at b:eth1: The packet comes with VNI 5'],
  ])('dies on the way below: one %s', (_, given, reason) => {
    expect(fateOf(given)).toContain(reason);
  });

  it.each<[string, FileFilters, string]>([
    ['of who sends it', filter('a', 'inet', 'output', is('udp', 'dport', 4789)), 'a:vx > 10.0.2.1'],
    ['of a router', filter('r', 'ip', 'forward', is('ip', 'protocol', 17)), 'r:eth1'],
    ['of who receives it', filter('b', 'inet', 'input', is('udp', 'dport', 4789)), 'b:eth1'],
  ])('is dropped by the packet filter %s, by what its packet is', (_, filters, at) => {
    expect(fateOf({}, filters)).toMatch(
      new RegExp(`^ARP request blocked at ${at}: nftables drops it in`),
    );
    expect(fateOf({}, filter('r', 'ip', 'forward', is('udp', 'dport', 4790)))).toBe('pass');
  });

  it('may travel in another tunnel, and with each there is less room', () => {
    const inner = (remote: string) => [{ kind: 'geneve', name: 'gn', vni: 2, remote }];
    const given: Given = {
      inside: [inner('10.9.0.2'), inner('10.9.0.1')],
      addresses: [{ gn: '10.8.0.1/24' }, { gn: '10.8.0.2/24' }],
      to: 'gn',
    };
    expect(fateOf(given)).toBe('pass');
    expect(fateOf({ ...given, mtu: 1000 })).toBe('pass');
  });
});

describe('the MTU of a tunnel', () => {
  it.each([
    [{}, 1450],
    [{ mtu: 1300 }, 1300],
    [{ mtu: 1480 }, 1480],
    [{ mtu: 1480, dev: 'eth1' }, 1450],
    [{ remote: 'fd00::2' }, 1430],
  ])('leaves room for its headers: %o', (more, mtu) => {
    const lab = labOf({
      name: 'room',
      nodes: {
        a: { ...box(1, [], { more }), nft: undefined },
        b: { kind: 'netns' },
      },
      links: [{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }],
    } as unknown as LabDefinition);
    expect(wire(lab, FACTS).graph.hops.get('a vx')?.settings.mtu).toBe(mtu);
  });
});
