import { describe, expect, it } from 'vitest';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../../../src/probes/prepare.js';
import { predictedOf } from '../../../src/probes/predicted.js';
import { judge } from '../../../src/verify/judge/judge.js';
import { attemptsAgainst } from '../../../src/verify/run/attempts.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** What the model and `verify` make of ends that impair what they send: tc-netem(8). */

const PORTS = ['a:eth1', 'b:eth1'] as const;

/** A check over a bridge of the host, whose port is seen behind the impaired one. */
function checkOver(
  impair: Readonly<Record<string, Readonly<Record<string, string>>>>,
  probe: 'arp' | 'icmp' | 'lldp' = 'icmp',
): PreparedCheck {
  const lab = labOf({
    name: 'impaired',
    nodes: {
      a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
      b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } },
    },
    links: [{ kind: 'bridge', ends: [...PORTS], impair }],
    verify: [{ probe, from: 'a:eth1', to: 'b:eth1' }],
  });
  const [check] = prepareChecks(lab, wire(lab, FACTS).model).checks;
  if (!check) throw new Error('no check');
  return check;
}

const outcomeOf = (impairment: Readonly<Record<string, string>>) =>
  predictedOf(checkOver({ 'a:eth1': impairment }));

describe('an impaired end', () => {
  it.each([
    { delay: '20ms' },
    { delay: '20ms', jitter: '5ms' },
    { rate: '10Mbit' },
    { duplicate: '50%' },
    { delay: '20ms', reorder: '50%' },
  ])('changes no outcome by %j', (impairment) => {
    expect(outcomeOf(impairment)).toEqual({ outcome: 'pass' });
  });

  it('makes what it may throw away or damage an outcome of chance, and what it throws away in any case none', () => {
    for (const impairment of [{ loss: '10%' }, { corrupt: '0.1%' }]) {
      const said = outcomeOf(impairment);
      expect(said).toMatchObject({ outcome: 'random', leg: 'ARP request' });
      expect(said.outcome !== 'pass' && said.at?.label).toBe('a:eth1');
    }
    expect(outcomeOf({ loss: '100%' })).toMatchObject({ outcome: 'blocked', leg: 'ARP request' });
  });

  it('does so with what it sends, not with what it receives', () => {
    const { legs } = checkOver({ 'b:eth1': { loss: '10%' } });
    const outcomes = legs.map(({ name, prediction }) => [name, prediction.outcome]);
    expect(outcomes).toEqual([
      ['ARP request', 'pass'],
      ['ARP reply', 'random'],
      ['echo request', 'pass'],
      ['echo reply', 'random'],
    ]);
  });

  it('says how likely a frame is to pass, two copies counted', () => {
    const shares = ([impairment]: readonly [Readonly<Record<string, string>>]) => {
      const [leg] = checkOver({ 'a:eth1': impairment }, 'lldp').legs;
      const prediction = leg?.prediction;
      return prediction?.outcome === 'random' ? prediction.probability : undefined;
    };
    expect(shares([{ loss: '10%' }])).toBeCloseTo(0.9);
    expect(shares([{ loss: '10%', duplicate: '50%' }])).toBeCloseTo(0.95);
    expect(shares([{ loss: '10%', corrupt: '10%' }])).toBeCloseTo(0.81);
  });
});

/** Nobody sees the frame from a hop on. */
function lostFrom(check: PreparedCheck, first: number) {
  const seen = check.legs.map(({ path }) => path.map((_, at) => at < first));
  const observed = { seen, course: 0, altered: [], elsewhere: [], witnessed: undefined };
  return judge(check, { ...observed, errors: [], ms: 0 });
}

describe('the blame for a frame that is lost', () => {
  it('is on the impairment where its end was to send it and no capture there saw it', () => {
    const { blame, surprise } = lostFrom(checkOver({ 'a:eth1': { loss: '10%' } }, 'lldp'), 0);
    expect(blame).toMatchObject({ at: 'a:eth1', predicted: true });
    expect(blame?.reason).toContain('10 % are thrown away');
    expect(blame?.remedy).toContain('patchlab impair a:eth1 --clear');
    expect(surprise).toBeNull();
  });

  it.each([[{ delay: '20ms' }], [{ rate: '1Mbit' }], [{ duplicate: '10%' }]])(
    'is not on an impairment that loses nothing: %j',
    (impairment) => {
      const { blame } = lostFrom(checkOver({ 'a:eth1': impairment }, 'lldp'), 1);
      expect(blame).toMatchObject({ reason: null, predicted: false });
    },
  );

  it('is not on it where a capture at that end did see the frame, nor where the other end is impaired', () => {
    for (const port of PORTS) {
      const check = checkOver({ [port]: { loss: '10%' } }, 'lldp');
      const { blame, surprise } = lostFrom(check, 1);
      expect(blame).toMatchObject({ lastSeen: 'a:eth1', reason: null, predicted: false });
      expect(surprise).not.toBeNull();
    }
  });
});

describe('who waits for frames that are impaired', () => {
  it('waits longer by what the ends there and back take', () => {
    const { patience } = checkOver({
      'a:eth1': { delay: '20ms', jitter: '5ms' },
      'b:eth1': { delay: '100ms' },
    });
    // A question and an echo, and an answer to each.
    expect(patience).toEqual({ ms: 2 * (25 + 100), intact: 1 });
    const { patience: slow } = checkOver({ 'a:eth1': { rate: '8kbit' } }, 'arp');
    // A bit each eighth of a millisecond; no frame has more octets than the MTU and a header.
    expect(slow.ms).toBeGreaterThanOrEqual(42);
    expect(slow.ms).toBeLessThanOrEqual(1514);
  });

  it('sends so often that all are lost less than once in a million', () => {
    const { patience } = checkOver({ 'a:eth1': { loss: '10%' }, 'b:eth1': { loss: '20%' } });
    expect(patience.intact).toBeCloseTo((0.9 * 0.8) ** 2);
    for (const intact of [patience.intact, 0.9, 0.3]) {
      const attempts = attemptsAgainst(intact);
      expect((1 - intact) ** attempts).toBeLessThanOrEqual(1e-6);
      expect((1 - intact) ** (attempts - 1)).toBeGreaterThan(1e-6);
    }
    expect(attemptsAgainst(1)).toBe(1);
  });

  it('does neither where nothing is impaired', () => {
    expect(checkOver({}).patience).toEqual({ ms: 0, intact: 1 });
  });
});
