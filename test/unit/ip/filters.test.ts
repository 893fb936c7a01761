import { describe, expect, it } from 'vitest';
import { findLoops } from '../../../src/hops/loops.js';
import type { FileFilter } from '../../../src/nft/file-filter.js';
import { parseRuleset } from '../../../src/nft/ruleset.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { predictedOf } from '../../../src/probes/predicted.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** What the model makes of rules that nft has read: libnftables-json(5). */

const DROP = { drop: null };
const ACCEPT = { accept: null };
const is = (protocol: string, field: string, right: unknown) => ({
  match: { op: '==', left: { payload: { protocol, field } }, right },
});
const meta = (key: string, right: unknown) => ({
  match: { op: '==', left: { meta: { key } }, right },
});
const ECHO = is('icmp', 'type', 'echo-request');
const NEW = { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'new' } };
const ESTABLISHED = { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'established' } };
const LIMIT = { limit: { rate: 1, burst: 5, per: 'second' } };

/** A filter of one chain. */
function chain(
  family: string,
  hook: string,
  rules: readonly (readonly object[])[],
  more: object = {},
): FileFilter {
  const own = { family, table: 't', chain: 'c' };
  const nftables = [
    { chain: { ...own, name: 'c', type: 'filter', hook, prio: 0, policy: 'accept', ...more } },
    ...rules.map((expr, index) => ({ rule: { ...own, handle: index + 2, expr } })),
  ];
  const ruleset = parseRuleset(JSON.stringify({ nftables }), '');
  return { text: '', ruleset, bridgeSettings: new Map() };
}

const box = (net: number, host: number) => ({
  kind: 'netns' as const,
  nft: 'as it is read',
  addresses: { eth1: `10.0.${net}.${host}/24` },
  routes: [{ to: 'default', via: `10.0.${net}.9` }],
});

const LAB: LabDefinition = {
  name: 'filters',
  nodes: {
    a: box(1, 1),
    r: {
      ...{ kind: 'netns', nft: 'as it is read' },
      addresses: { eth1: '10.0.1.9/24', eth2: '10.0.2.9/24' },
      sysctls: { 'net.ipv4.ip_forward': 1 },
      ports: { eth2: { mtu: 1400 } },
    },
    b: { ...box(2, 1), ports: { eth1: { mtu: 1400 } } },
  },
  links: [
    { kind: 'veth', ends: ['a:eth1', 'r:eth1'] },
    { kind: 'veth', ends: ['r:eth2', 'b:eth1'] },
  ],
  verify: [
    { probe: 'icmp', from: 'a', to: 'b' },
    { probe: 'icmp', from: 'a', to: 'b', size: 1500 },
    { probe: 'arp', from: 'a:eth1', to: 'r:eth1' },
  ],
};

/** What becomes of the checks: a ping, one that is cut, and a question that a program asks. */
function predicted(filters: Readonly<Record<string, FileFilter>>): readonly string[] {
  const lab = labOf(LAB);
  const { model } = wire(lab, { ...FACTS, filters: new Map(Object.entries(filters)) });
  return prepareChecks(lab, model).checks.map((check) => {
    const said = predictedOf(check);
    return said.outcome === 'pass' ? 'pass' : `${said.outcome}: ${said.leg} at ${said.at?.label}`;
  });
}

const [PASS, REQUEST] = ['pass', 'echo request after r at r stack'];

describe('rules of a file', () => {
  it('drop what a router hands on, and what they name that is not on the way drops nothing', () => {
    const decoy = [meta('iifname', 'eth2'), ECHO, DROP];
    const other = [is('udp', 'dport', 53), DROP];
    expect(predicted({ r: chain('ip', 'forward', [decoy, other]) })).toEqual([PASS, PASS, PASS]);
    expect(
      predicted({
        r: chain('ip', 'forward', [decoy, other, [is('ip', 'protocol', 'icmp'), DROP]]),
      }),
    ).toEqual([`blocked: ${REQUEST}`, `blocked: ${REQUEST}`, PASS]);
  });

  it('are of their stack, their hook and their family alone', () => {
    const rules = [[ECHO, DROP]];
    expect(predicted({ a: chain('ip', 'forward', rules) })).toEqual([PASS, PASS, PASS]);
    expect(predicted({ r: chain('ip6', 'forward', rules) })).toEqual([PASS, PASS, PASS]);
    expect(predicted({ r: chain('ip', 'input', rules) })).toEqual([PASS, PASS, PASS]);
    expect(predicted({ b: chain('ip', 'input', rules) })[0]).toBe('blocked: echo reply at b stack');
  });

  it('see an ARP request of the stack, but not one of a program', () => {
    const filter = chain('arp', 'output', [[is('arp', 'operation', 'request'), DROP]]);
    expect(predicted({ a: filter })).toEqual([
      'blocked: ARP request at a stack',
      'blocked: ARP request at a stack',
      PASS,
    ]);
  });

  it('see at a device what comes from a program, too', () => {
    const filter = chain('netdev', 'egress', [[meta('protocol', 'arp'), DROP]], { dev: 'eth1' });
    expect(new Set(predicted({ a: filter }))).toEqual(new Set(['blocked: ARP request at a:eth1']));
  });

  it('know a reply by the request that the stack has seen', () => {
    const policy = { policy: 'drop' };
    const both = chain(
      'ip',
      'forward',
      [
        [NEW, ACCEPT],
        [ESTABLISHED, ACCEPT],
      ],
      policy,
    );
    expect(predicted({ r: both })[0]).toBe(PASS);
    expect(predicted({ r: chain('ip', 'forward', [[NEW, ACCEPT]], policy) })[0]).toBe(
      'blocked: echo reply after r at r stack',
    );
    expect(predicted({ r: chain('ip', 'forward', [[ESTABLISHED, ACCEPT]], policy) })[0]).toBe(
      `blocked: ${REQUEST}`,
    );
  });
});

describe('what nobody knows of a packet', () => {
  it.each([
    ['a limit that lets it through', [[LIMIT, ACCEPT]], { policy: 'drop' }],
    ['a limit beyond which it is dropped', [[LIMIT, DROP]], {}],
    ['an expression that is not understood', [[meta('mark', 5), DROP]], {}],
    ['a translation', [[{ masquerade: null }], [ECHO, DROP]], {}],
  ])('is a doubt: %s', (_, rules, more) => {
    // The question for the next hop is asked for the echo.
    expect(predicted({ r: chain('ip', 'forward', rules, more) })[0]).toBe(
      'random: ARP request after r at r stack',
    );
  });

  it('is no doubt where a rule drops it all the same', () => {
    const filter = chain('ip', 'forward', [
      [LIMIT, DROP],
      [ECHO, DROP],
    ]);
    expect(predicted({ r: filter })[0]).toBe(`blocked: ${REQUEST}`);
  });

  it('is what a part of a packet holds, and not the whole one', () => {
    const filter = (hook: string) => chain('ip', hook, [[ECHO, ACCEPT]], { policy: 'drop' });
    expect(predicted({ b: filter('prerouting') })).toEqual([
      PASS,
      'random: echo reply at b stack',
      PASS,
    ]);
    expect(predicted({ b: filter('input') })).toEqual([PASS, PASS, PASS]);
  });

  it('is all that rules may see which nft could not read', () => {
    const unread = (text: string): FileFilter => ({
      ...chain('ip', 'forward', []),
      ...{ text, unknown: 'nft is not installed' },
    });
    expect(predicted({ r: unread('table inet t { chain c { type filter hook forward') })).toEqual([
      'random: ARP request after r at r stack',
      'random: ARP request after r at r stack',
      PASS,
    ]);
    expect(predicted({ r: unread('table arp t { chain c { type filter hook output') })[0]).toBe(
      'random: ARP reply at r stack',
    );
    expect(predicted({ r: unread('table ip6 t { chain c { type filter hook forward') })).toEqual([
      ...[PASS, PASS, PASS],
    ]);
  });
});

describe('bridges', () => {
  const devices: NonNullable<LabDefinition['nodes'][string]['devices']> = [
    { kind: 'veth', name: 'p1', peer: 'p2' },
    { kind: 'bridge', name: 'br0', members: ['p1', 'p2'] },
  ];
  const lab = labOf({ name: 'ring', nodes: { h: { kind: 'netns', devices } } });

  it('are a ring whatever a filter takes away', () => {
    const filter = chain('bridge', 'forward', [[DROP]]);
    const { model } = wire(lab, { ...FACTS, filters: new Map([['h', filter]]) });
    expect(findLoops(model)).toHaveLength(1);
  });
});
