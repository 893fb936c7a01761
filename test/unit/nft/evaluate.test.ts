import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../../../src/frames/make.js';
import { arpReply, arpRequest, echoFrame, solicitation } from '../../../src/frames/values.js';
import { evaluate } from '../../../src/nft/evaluate.js';
import type { Packet } from '../../../src/nft/fields.js';
import { parseRuleset, type Chain, type Rule } from '../../../src/nft/ruleset.js';

/** Rules as nft(8) lists them, against frames: what matches, what does not, and what nobody understands. */

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const ruleset = parseRuleset(read('rules.json'), read('rules.txt'));

const chainOf = (family: string, name: string): Chain =>
  ruleset.chains.find((chain) => chain.family === family && chain.name === name)!;

const rules: readonly (readonly [Chain, Rule])[] = ruleset.chains.flatMap((chain) =>
  chain.rules.map((rule) => [chain, rule] as const),
);

/** What a rule does by itself, in a chain that accepts the rest. */
function fateOf(family: string, text: string, packet: Packet): string {
  const [chain, rule] = rules.find(([own, one]) => own.family === family && one.text === text)!;
  return evaluate(ruleset, { ...chain, rules: [rule], policy: 'accept' }, packet).kind;
}

const A = { mac: '02:00:00:00:00:01', ip: '10.0.0.1' };
const B = { mac: '02:00:00:00:00:02', ip: '10.0.0.2' };
const MACS = { src: A.mac, dst: B.mac };
const echo = (more: object = {}) =>
  echoFrame({ family: 4, kind: 'echo-request', id: 7, src: A.ip, dst: B.ip, ...more }, MACS);
const at = (frame: Packet['frame'], more: Partial<Packet> = {}): Packet => ({
  ...{ frame, hook: 'forward', iif: 'eth1', oif: 'eth2' },
  ...more,
});
const V6 = { family: 6, src: 'fd00::1', dst: 'fd00::2' } as const;
const lldp = frameOf('lldp', { from: A, to: B });

describe('a ruleset', () => {
  it('has chains with hook, priority and policy, and rules in the words of nft', () => {
    expect(chainOf('ip6', 'input')).toMatchObject({ hook: 'input', priority: -10 });
    expect(chainOf('ip', 'forward')).toMatchObject({ policy: 'drop', devices: [] });
    expect(chainOf('ip', 'other').hook).toBeUndefined();
    expect(rules.map(([, { text }]) => text)).toContain('icmpv6 type echo-request drop');
    expect(rules.filter(([, { text }]) => text.startsWith('handle'))).toEqual([]);
  });

  it('has the devices of chains, which the JSON of nft 1.0.6 leaves out', () => {
    expect(chainOf('netdev', 'c').devices).toEqual(['eth1', 'eth2']);
    expect(chainOf('netdev', 'e').devices).toEqual(['eth1']);
    expect(chainOf('inet', 'ing').devices).toEqual(['eth1']);
  });

  it.each(['', 'no JSON', '{}', '{"nftables": [3]}', '{"nftables": [{"chain": {"family": 3}}]}'])(
    'is empty where nft says %j',
    (json) => {
      expect(parseRuleset(json, '').chains).toEqual([]);
    },
  );

  it('keeps a rule that has another shape as one that nobody understands', () => {
    const chain = { family: 'ip', table: 't', name: 'c', type: 'filter', hook: 'input', prio: 0 };
    const rule = { family: 'ip', table: 't', chain: 'c', handle: 2, expr: 'accept' };
    const odd = [{ chain: { ...chain, policy: 'drop' } }, { rule }];
    const { chains } = parseRuleset(JSON.stringify({ nftables: odd }), '');
    expect(evaluate({ chains, sets: new Map() }, chains[0]!, at(echo())).kind).toBe('unsure');
  });
});

/** Fate of the packet, family and rule. */
type Row = readonly [fate: string, family: string, rule: string, packet: Packet];

const LONG =
  'iifname "eth1" oifname { "eth2", "eth3" } ip protocol icmp ip saddr 10.0.0.0/24 ip daddr != 10.0.0.7 counter packets 0 bytes 0 drop';
const REJECT = 'ip saddr 10.0.0.1-10.0.0.9 ip ttl < 5 reject with icmp host-prohibited';
const VMAP = 'icmp type vmap { echo-reply : accept, echo-request : drop }';
const L4 = 'meta l4proto { icmp, tcp } drop comment "hello"';
const CONCAT = 'iifname . meta protocol { "eth1" . arp } drop';
const REPLY = 'arp operation reply arp saddr ip 10.0.0.1 arp daddr ip 10.0.0.2 drop';
const ID = 'icmpv6 type { echo-request, echo-reply } icmpv6 id 5 drop';

describe('a rule', () => {
  it.each<Row>([
    ['dropped', 'ip', LONG, at(echo())],
    ['accepted', 'ip', LONG, at(echo(), { iif: 'eth9' })],
    ['accepted', 'ip', LONG, at(echo(), { oif: 'eth9' })],
    ['accepted', 'ip', LONG, at(echo({ src: '10.0.1.1' }))],
    ['accepted', 'ip', LONG, at(echo({ dst: '10.0.0.7' }))],
    ['dropped', 'ip', 'ip saddr @bad drop', at(echo({ src: '10.9.8.7' }))],
    ['dropped', 'ip', 'ip saddr @bad drop', at(echo({ src: '10.1.2.3' }))],
    ['accepted', 'ip', 'ip saddr @bad drop', at(echo())],
    ['accepted', 'ip', REJECT, at(echo())],
    ['dropped', 'ip', REJECT, at({ ...echo(), ipv4: { ...echo().ipv4!, ttl: 4 } })],
    [
      'accepted',
      'ip',
      REJECT,
      at({ ...echo(), ipv4: { ...echo().ipv4!, ttl: 4, src: '10.0.0.10' } }),
    ],
    ['dropped', 'ip', VMAP, at(echo())],
    ['accepted', 'ip', VMAP, at(echo({ kind: 'echo-reply' }))],
    ['accepted', 'ip', 'tcp dport 22 accept', at(echo())],
    ['dropped', 'ip', L4, at(echo())],
    ['accepted', 'ip', 'udp dport 53 log prefix "x" drop', at(echo())],
    ['dropped', 'ip', 'iif "eth1" drop', at(echo())],
    ['accepted', 'ip', 'iif "eth1" drop', at(echo(), { iif: 'eth2' })],
    ['dropped', 'ip', 'iifname "eth*" drop', at(echo())],
    ['accepted', 'ip', 'iifname "eth*" drop', at(echo(), { iif: 'wlan0' })],
    ['accepted', 'ip', 'ct state established,related accept', at(echo())],
    ['dropped', 'inet', 'icmp type echo-request drop', at(echo())],
    ['accepted', 'inet', 'icmp type echo-request drop', at(echo({ kind: 'echo-reply' }))],
    ['accepted', 'inet', 'icmp type echo-request drop', at(echo(V6))],
    ['dropped', 'inet', 'meta nfproto ipv4 drop', at(echo())],
    ['accepted', 'inet', 'meta nfproto ipv4 drop', at(echo(V6))],
    ['dropped', 'inet', 'meta protocol ip drop', at(echo())],
    ['accepted', 'inet', 'meta protocol ip drop', at(echo(V6))],
    ['accepted', 'inet', 'ether type arp drop', at(echo())],
    [
      'dropped',
      'ip6',
      'icmpv6 type nd-neighbor-solicit drop',
      at(solicitation({ ...A, ip: 'fd00::1' }, 'fd00::2')),
    ],
    ['accepted', 'ip6', 'icmpv6 type nd-neighbor-solicit drop', at(echo(V6))],
    ['dropped', 'ip6', 'ip6 nexthdr ipv6-icmp drop', at(echo(V6))],
    ['dropped', 'ip6', 'ip6 saddr fd00::/64 drop', at(echo(V6))],
    ['accepted', 'ip6', 'ip6 saddr fe80::/10 drop', at(echo(V6))],
    ['dropped', 'ip6', ID, at(echo({ ...V6, id: 5 }))],
    ['accepted', 'ip6', ID, at(echo({ ...V6, id: 6 }))],
    ['accepted', 'ip6', 'ip6 hoplimit 255 drop', at(echo(V6))],
    ['dropped', 'arp', 'arp operation request drop', at(arpRequest(A, B.ip))],
    ['accepted', 'arp', 'arp operation request drop', at(arpReply(A, B))],
    ['dropped', 'arp', REPLY, at(arpReply(A, B))],
    ['accepted', 'arp', REPLY, at(arpReply(B, A))],
    ['dropped', 'arp', 'arp htype 1 drop', at(arpReply(A, B))],
    ['accepted', 'arp', 'arp saddr ether 02:00:00:00:00:01 drop', at(arpReply(B, A))],
    ['dropped', 'bridge', 'ether type arp drop', at(arpReply(B, A))],
    ['accepted', 'bridge', 'ether type arp drop', at(echo())],
    ['dropped', 'bridge', 'meta protocol { arp, ip6 } drop', at(echo(V6))],
    ['accepted', 'bridge', 'meta protocol { arp, ip6 } drop', at(echo())],
    ['dropped', 'bridge', CONCAT, at(arpReply(B, A))],
    ['accepted', 'bridge', CONCAT, at(arpReply(B, A), { iif: 'eth2' })],
    ['dropped', 'bridge', 'ether type 0x88cc drop', at(lldp)],
    ['dropped', 'bridge', 'ether daddr 01:80:c2:00:00:0e drop', at(lldp)],
    ['accepted', 'bridge', 'ether daddr 01:80:c2:00:00:0e drop', at(echo())],
    ['dropped', 'bridge', 'meta pkttype multicast drop', at(lldp)],
    ['accepted', 'bridge', 'meta pkttype multicast drop', at(arpRequest(A, B.ip))],
    ['accepted', 'bridge', 'ip saddr 10.0.0.1 drop', at(arpRequest(A, B.ip))],
    ['dropped', 'bridge', 'ip protocol icmp drop', at(echo())],
    ['accepted', 'bridge', 'vlan id 5 drop', at(echo())],
    ['dropped', 'bridge', 'iifname vmap { "eth1" : jump z, "eth2" : accept }', at(echo())],
    [
      'accepted',
      'bridge',
      'iifname vmap { "eth1" : jump z, "eth2" : accept }',
      at(echo(), { iif: 'eth2' }),
    ],
  ])('%s by %s %j', (fate, family, text, packet) => {
    expect(fateOf(family, text, packet)).toBe(fate);
  });

  it.each([
    'ip length > 1000 drop',
    '@th,0,8 0x8 drop',
    'meta mark & 0x000000ff == 0x00000001 drop',
  ])('that is not understood drops nothing for sure: %s', (text) => {
    expect(fateOf('ip', text, at(echo()))).toBe('unsure');
  });
});

describe('a chain', () => {
  const forward = chainOf('ip', 'forward');
  /** The chain with these rules of it alone, by their handles. */
  const only = (...handles: readonly number[]): Chain => ({
    ...forward,
    rules: handles.map((handle) => forward.rules.find((rule) => rule.handle === handle)!),
  });
  const run = (chain: Chain, packet = at(echo({ src: '10.0.7.1' }))) =>
    evaluate(ruleset, chain, packet);

  it('drops by its policy what no rule takes', () => {
    expect(run(only(15, 18))).toMatchObject({ kind: 'dropped', rule: undefined });
  });

  it('drops nothing for sure behind a rule that may have accepted it', () => {
    // `icmp type { echo-reply, echo-request } limit rate 5/second accept`
    expect(run(only(12)).kind).toBe('unsure');
    expect(run(only(12, 14)).kind).toBe('unsure');
    // A reply may belong to a flow or to none.
    expect(run(only(4, 17), at(echo({ kind: 'echo-reply' }))).kind).toBe('unsure');
  });

  it('drops for sure what a rule drops behind one that may have dropped it', () => {
    expect(run(only(23, 17))).toMatchObject({ kind: 'dropped', rule: { handle: 17 } });
  });

  it('takes what a jump leads to, and comes back', () => {
    const chains = ruleset.chains.map((chain) =>
      chain.name === 'other' ? { ...chain, rules: [forward.rules.at(0)!] } : chain,
    );
    const around = { ...ruleset, chains };
    expect(evaluate(around, only(9, 17), at(echo()))).toMatchObject({
      ...{ kind: 'dropped', rule: { handle: 17 } },
    });
    // Behind a goto comes the policy.
    expect(evaluate(around, only(10, 17), at(echo()))).toMatchObject({ rule: undefined });
  });

  it('is unsure where a jump leads to what is not understood', () => {
    expect(run(only(9, 17)).kind).toBe('unsure');
  });
});
