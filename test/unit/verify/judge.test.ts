import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../../src/links/define.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../../../src/probes/prepare.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { judge } from '../../../src/verify/judge/judge.js';
import type { Observation } from '../../../src/verify/run/observation.js';
import { inWaves } from '../../../src/verify/run/waves.js';

const FACTS: PlanFacts = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} };

/** The arp-relay lab with checks of the test's own. */
function prepare(mode: string, ...checks: readonly string[]): readonly PreparedCheck[] {
  const guest = (name: string, ip: string): string => `  ${name}:
    kind: vm
    namespaces: [c1]
    devices:
      - { kind: veth, name: c1up, peer: c1:eth0 }
      - { kind: bridge, name: br0, members: [eth1, c1up] }
    addresses: { c1:eth0: ${ip}/24 }
`;
  const text = `name: lab
nodes:
${guest('sw1', '10.1.0.1')}${guest('sw2', '10.1.0.2')}links:
  - { kind: macvtap, mode: ${mode}, allmulticast: true, ends: [sw1:eth1, sw2:eth1] }
verify:
${checks.map((check) => `  - ${check}\n`).join('')}`;
  const { lab } = parseTopology(parseYaml('lab.yaml', text));
  return prepareChecks(lab, wire(lab, FACTS).model).checks;
}

const ARP = '{ probe: arp, from: sw1/c1, to: sw2/c1 }';
const blockedAt = (at: string): string =>
  `{ probe: arp, from: sw1/c1, to: sw2/c1, expect: blocked, at: '${at}' }`;

const only = (checks: readonly PreparedCheck[]): PreparedCheck => {
  const [check] = checks;
  if (!check) throw new Error('no check');
  return check;
};

/** What the captures would say if each leg got as far as the given number of hops. Bridges cannot be looked at. */
function seenUpTo(check: PreparedCheck, ...reached: readonly number[]): Observation {
  const seen = check.legs.map(({ path }, index) =>
    path.map((hop, at) => (hop.kind === 'bridge' ? undefined : at < (reached[index] ?? 0))),
  );
  return { course: 0, seen, altered: [], elsewhere: [], witnessed: undefined, errors: [], ms: 1 };
}

const everything = 99;
const verdictOf = (check: PreparedCheck, observation: Observation) => judge(check, observation);
/** On its way back the ARP reply crosses twelve hops; the asker's macvtap is the eighth. */
const AT_MACVTAP = 7;

describe('a verdict', () => {
  it('passes when the last frame arrived', () => {
    const check = only(prepare('passthru', ARP));
    expect(verdictOf(check, seenUpTo(check, everything, everything))).toMatchObject({
      outcome: 'pass',
      blame: null,
      surprise: null,
      predicted: { outcome: 'pass' },
    });
  });

  it('fails with the hop, the reason and the remedy when the model knows of the drop', () => {
    const check = only(prepare('vepa', ARP));
    expect(verdictOf(check, seenUpTo(check, everything, AT_MACVTAP))).toMatchObject({
      outcome: 'fail',
      leg: 'ARP reply',
      blame: {
        lastSeen: 'sw1:eth1 veth',
        firstMissed: 'sw1:eth1 macvtap',
        at: 'sw1:eth1 macvtap',
        reason: expect.stringContaining('own MAC') as string,
      },
      surprise: null,
    });
  });

  it('passes as blocked only where it must be blocked', () => {
    const here = only(prepare('vepa', blockedAt('sw1:eth1 macvtap')));
    expect(verdictOf(here, seenUpTo(here, everything, AT_MACVTAP)).outcome).toBe('pass');
    const elsewhere = only(prepare('vepa', blockedAt('sw2:eth1 macvtap')));
    expect(verdictOf(elsewhere, seenUpTo(elsewhere, everything, AT_MACVTAP)).outcome).toBe('fail');
  });

  it('fails when what must be blocked arrives, and says that the model differs', () => {
    const check = only(prepare('vepa', blockedAt('sw1:eth1 macvtap')));
    const verdict = verdictOf(check, seenUpTo(check, everything, everything));
    expect(verdict.outcome).toBe('fail');
    expect(verdict.surprise).toContain('model or the kernel is wrong');
  });

  it('is loud about a loss that the model does not predict', () => {
    const check = only(prepare('passthru', ARP));
    const verdict = verdictOf(check, seenUpTo(check, everything, AT_MACVTAP));
    expect(verdict).toMatchObject({
      outcome: 'fail',
      blame: { reason: null, at: 'sw1:eth1 macvtap' },
    });
    expect(verdict.surprise).toContain('knows of nothing');
  });

  it('does not take for the frame what comes with another tag, and says where it was set', () => {
    const check = only(prepare('passthru', ARP));
    const arrived = seenUpTo(check, everything, AT_MACVTAP);
    const altered = [{ leg: 1, hop: AT_MACVTAP, tags: 'the tag of VLAN 7', expected: 'no tag' }];
    const verdict = verdictOf(check, { ...arrived, altered });
    expect(verdict).toMatchObject({
      outcome: 'fail',
      leg: 'ARP reply',
      blame: {
        ...{ lastSeen: 'sw1:eth1 veth', at: 'sw1:eth1 macvtap', predicted: false },
        reason: expect.stringContaining('with the tag of VLAN 7') as string,
      },
    });
    expect(verdict.hops[AT_MACVTAP]?.altered).toBe('the tag of VLAN 7');
    expect(verdict.surprise).toContain('VLAN 7');
    // A drop that the model knows of is none where the frame was not dropped.
    const known = only(prepare('vepa', ARP));
    expect(verdictOf(known, { ...arrived, altered }).blame).toMatchObject({ predicted: false });
    const elsewhere = [{ leg: 0, hop: 3, tags: 'the tag of VLAN 9', expected: 'no tag' }];
    expect(verdictOf(known, { ...arrived, altered: elsewhere }).blame?.predicted).toBe(true);
  });

  it('blames the span around a hop that nobody can look at, and the hop itself when the model knows it', () => {
    const check = only(prepare('passthru', ARP));
    // The request was last seen at the port of the bridge in sw1.
    const verdict = verdictOf(check, seenUpTo(check, 2, 0));
    expect(verdict.blame).toMatchObject({
      leg: 'ARP request',
      lastSeen: 'sw1:c1up',
      firstMissed: 'sw1:eth1',
    });
    const named = only(prepare('passthru', blockedAt('sw1:br0')));
    expect(verdictOf(named, seenUpTo(named, 2, 0)).outcome).toBe('pass');
  });

  it('does not blame a frame that was not needed: a cached neighbour sends no ARP', () => {
    const check = only(prepare('passthru', '{ probe: icmp, from: sw1/c1, to: sw2/c1 }'));
    expect(verdictOf(check, seenUpTo(check, 0, 0, everything, everything)).outcome).toBe('pass');
    const lost = verdictOf(check, seenUpTo(check, 0, 0, everything, AT_MACVTAP));
    expect(lost).toMatchObject({ outcome: 'fail', leg: 'echo reply' });
  });

  it('is an error, never pass or fail, when it could not be found out', () => {
    const check = only(prepare('passthru', ARP));
    const lost = seenUpTo(check, everything, AT_MACVTAP);
    expect(verdictOf(check, { ...lost, errors: ['the agent is dead'] })).toMatchObject({
      outcome: 'error',
      message: 'the agent is dead',
    });
    const blind = { ...lost, seen: lost.seen.map((leg) => leg.map(() => undefined)) };
    expect(verdictOf(check, blind).outcome).toBe('error');
  });

  it('is an error when capture and witness contradict each other', () => {
    const check = only(prepare('vepa', '{ probe: lldp, from: sw1:eth1, to: sw2:eth1 }'));
    const heard = seenUpTo(check, everything);
    expect(verdictOf(check, { ...heard, witnessed: true }).outcome).toBe('pass');
    expect(verdictOf(check, { ...heard, witnessed: false }).outcome).toBe('error');
    expect(verdictOf(check, { ...seenUpTo(check, 2), witnessed: true }).outcome).toBe('error');
    expect(verdictOf(check, { ...seenUpTo(check, 2), witnessed: false }).outcome).toBe('fail');
  });

  it('names two neighbours on the path around every possible loss', () => {
    const check = only(prepare('passthru', ARP));
    const labels = check.hops.map(({ label }) => label);
    const observable = check.hops.map(({ kind }) => kind !== 'bridge');
    fc.assert(
      fc.property(fc.nat({ max: labels.length - 1 }), (reached) => {
        const { blame, outcome } = verdictOf(check, seenUpTo(check, reached, 0));
        expect(outcome).toBe('fail');
        const seen = labels.filter((_, at) => observable[at] === true && at < reached);
        const missed = labels.filter((_, at) => observable[at] === true && at >= reached);
        expect(blame).toMatchObject({ lastSeen: seen.at(-1) ?? null, firstMissed: missed[0] });
      }),
    );
  });
});

describe('waves', () => {
  it('keep checks apart that use the same neighbour table, and nothing else', () => {
    const checks = prepare(
      'passthru',
      '{ probe: lldp, from: sw1:eth1, to: sw2:eth1 }',
      ARP,
      '{ probe: arp, from: sw2/c1, to: sw1/c1 }',
      '{ probe: icmp, from: sw2/c1, to: sw1/c1 }',
      '{ probe: lldp, from: sw2:eth1, to: sw1:eth1 }',
    );
    const waves = inWaves(checks).map((wave) =>
      wave.map(({ probe }) => `${probe.kind} ${probe.check.from}`),
    );
    // arping has a socket of its own: of two that ask each other, neither takes the other's answer.
    expect(waves).toEqual([
      ['lldp sw1:eth1', 'arp sw1/c1', 'arp sw2/c1', 'lldp sw2:eth1'],
      ['icmp sw2/c1'],
    ]);
  });
});
