import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../../src/hops/prediction.js';
import type { Hop } from '../../../src/hops/types.js';
import type { Endpoint } from '../../../src/probes/define.js';
import type { Leg } from '../../../src/probes/define.js';
import type { PreparedCheck } from '../../../src/probes/prepare.js';
import { judge } from '../../../src/verify/judge/judge.js';
import type { Verdict } from '../../../src/verify/judge/verdict.js';
import type { Observation } from '../../../src/verify/run/observation.js';

/** Everything that captures can say of two frames on a path of three hops, one there and one back. */

type Seen = boolean | undefined;
const STATES: readonly Seen[] = [true, false, undefined];
const HOPS = ['h0', 'h1', 'h2'];
const hop = (label: string): Hop => ({
  id: `s ${label}`,
  kind: 'veth',
  stack: 's',
  where: { machine: 'local' },
  device: `d-${label}`,
  label,
  settings: {},
});
const path = HOPS.map(hop);
const PASS: Prediction = { outcome: 'pass' };
const dropAt = (at: number): Prediction => ({
  ...{ outcome: 'drop', at, reason: `reason ${at}` },
  ...{ remedy: 'remedy', source: 'source' },
});

interface Given {
  readonly predictions?: readonly Prediction[];
  readonly expect?: 'pass' | 'blocked';
  readonly at?: string;
  readonly witness?: boolean;
}

function checkWith({ predictions = [PASS, PASS], witness, ...given }: Given): PreparedCheck {
  const end = {} as Endpoint;
  const frame = { src: '', dst: '', vlans: [], etherType: undefined };
  const leg = (name: string, way: readonly Hop[], prediction: Prediction): Leg => ({
    ...{ name, class: 'icmp', matches: () => false, frame, path: way, frames: [], prediction },
    ...{ from: way[0]!, to: way.at(-1)! },
  });
  const [there = PASS, back = PASS] = predictions;
  const legs = [leg('there', path, there), leg('back', path.toReversed(), back)];
  const check = {
    probe: 'p',
    from: 'a',
    to: 'b',
    expect: 'pass',
    at: undefined,
    nowhere_else: false,
    ...given,
  } as const;
  return {
    probe: {
      ...{ kind: 'p', check, from: end, to: end, before: [], uses: [] },
      courses: [legs],
      send: { stack: end.stack, argv: [], timeout: 0 },
      ...(witness === true && { witness: { name: 'daemon' } as never }),
    },
    legs,
    hops: path,
    bystanders: [],
    overhearing: [],
    patience: { ms: 0, intact: 1 },
  };
}

const observe = (
  there: readonly Seen[],
  back: readonly Seen[],
  more: Partial<Observation> = {},
) => ({
  ...{
    seen: [there, back],
    course: 0,
    altered: [],
    elsewhere: [],
    witnessed: undefined,
    errors: [],
    ms: 1,
  },
  ...more,
});
const judged = (given: Given, observation: Observation): Verdict =>
  judge(checkWith(given), observation);

const patterns = STATES.flatMap((a) =>
  STATES.flatMap((b) => STATES.map((c) => [a, b, c] as const)),
);
const pairs = patterns.flatMap((there) => patterns.map((back) => [there, back] as const));
const arrived = [true, true, true] as const;
const never = [false, false, false] as const;
const seenAnywhere = (seen: readonly Seen[]): boolean => seen.includes(true);

describe('of all 729 pictures that captures can give', () => {
  it('those where the last frame arrived pass, and no others', () => {
    for (const [there, back] of pairs)
      expect([there, back, judged({}, observe(there, back)).outcome === 'pass']).toEqual([
        there,
        back,
        back[2] === true,
      ]);
  });

  it('a loss is told only where the end was looked at, and blame is next to what was seen', () => {
    for (const [there, back] of pairs) {
      const { outcome, blame, leg, hops } = judged({}, observe(there, back));
      expect(blame !== null).toBe(outcome === 'fail');
      if (!blame) continue;
      const seen = leg === 'there' ? there : back;
      const labels = leg === 'there' ? HOPS : HOPS.toReversed();
      expect(hops.map((one) => one.label)).toEqual(labels);
      expect(hops.map((one) => one.seen)).toEqual(seen.map((one) => one ?? null));
      const last = blame.lastSeen === null ? -1 : labels.indexOf(blame.lastSeen);
      const missed = labels.indexOf(blame.firstMissed);
      expect(seen[missed]).toBe(false);
      expect(seen[2]).toBe(false);
      expect(missed).toBeGreaterThan(last);
      // Nothing is seen from there on, and between the two nobody could look.
      expect(seen.slice(last + 1).includes(true)).toBe(false);
      expect(seen.slice(last + 1, missed).every((one) => one === undefined)).toBe(true);
      expect(last < 0 || seen[last] === true).toBe(true);
    }
  });

  it('a frame of which nothing was seen is not blamed when a later one was: it was not needed', () => {
    for (const back of patterns.filter((one) => seenAnywhere(one) && one[2] === false))
      expect(judged({}, observe(never, back))).toMatchObject({ outcome: 'fail', leg: 'back' });
    expect(judged({}, observe(never, never))).toMatchObject({ outcome: 'fail', leg: 'there' });
  });

  it('any error but one after arrival makes an error without blame', () => {
    for (const [there, back] of pairs) {
      const { outcome, blame, message } = judged({}, observe(there, back, { errors: ['why'] }));
      expect([there, back, outcome]).toEqual([there, back, back[2] === true ? 'pass' : 'error']);
      if (outcome === 'error') expect([blame, message]).toEqual([null, 'why']);
    }
  });

  it('blocked is the opposite of passing, and what could not be found out stays so', () => {
    const opposite = { pass: 'fail', fail: 'pass', error: 'error', skipped: 'skipped' };
    for (const [there, back] of pairs) {
      const { outcome } = judged({}, observe(there, back));
      const blocked = judged({ expect: 'blocked' }, observe(there, back));
      expect([there, back, blocked.outcome]).toEqual([there, back, opposite[outcome]]);
    }
  });

  it('a gap in what was seen is said loudly, and nothing else of a frame that arrived', () => {
    for (const back of patterns.filter((one) => one[2] === true)) {
      const { surprise } = judged({}, observe(arrived, back));
      const gap = back.slice(0, 2).includes(false);
      expect([back, surprise !== null]).toEqual([back, gap]);
      if (gap) expect(surprise).toContain('seen at h0 but not before');
    }
  });
});

describe('`at`', () => {
  const lostBetween = (last: number, missed: number): readonly Seen[] =>
    HOPS.map((_, at) => (at <= last ? true : at < missed ? undefined : false));

  it('holds for the hops after the last that saw the frame, to the first that missed it', () => {
    const cases = [-1, 0, 1].flatMap((last) =>
      [0, 1, 2].filter((missed) => missed > last).map((missed) => [last, missed] as const),
    );
    for (const [last, missed] of cases)
      for (const [at, name] of HOPS.entries()) {
        const observation = observe(lostBetween(last, missed), never);
        const expected = at > last && at <= missed ? 'pass' : 'fail';
        const byLabel = judged({ expect: 'blocked', at: name }, observation);
        const byDevice = judged({ expect: 'blocked', at: `d-${name}` }, observation);
        expect([last, missed, name, byLabel.outcome]).toEqual([last, missed, name, expected]);
        expect(byDevice.outcome).toBe(expected);
      }
  });

  it('holds for the hop that is blamed, also when that saw the frame and did not hand it on', () => {
    const observation = observe([true, false, false], never);
    const predictions = [dropAt(0), PASS];
    const verdict = judged({ predictions, expect: 'blocked', at: 'h0' }, observation);
    expect(verdict).toMatchObject({ outcome: 'pass', blame: { at: 'h0', reason: 'reason 0' } });
  });
});

describe('the model', () => {
  it('explains a loss within the place of it, and is surprised by one elsewhere', () => {
    for (const lost of [0, 1, 2])
      for (const predicted of [0, 1, 2]) {
        const there = HOPS.map((_, at) => at < lost);
        const given = { predictions: [dropAt(predicted), PASS] };
        const { blame, surprise } = judged(given, observe(there, never));
        const explained = predicted === lost || predicted === lost - 1;
        expect([lost, predicted, blame?.reason ?? null]).toEqual([
          ...[lost, predicted],
          explained ? `reason ${predicted}` : null,
        ]);
        expect(surprise === null).toBe(explained);
        if (!explained) expect(surprise).toContain('lost elsewhere');
      }
  });

  it('that foresaw a loss is wrong when the frame arrives', () => {
    const { outcome, surprise } = judged(
      { predictions: [PASS, dropAt(1)] },
      observe(arrived, arrived),
    );
    expect([outcome, surprise]).toEqual(['pass', expect.stringContaining('is wrong')]);
  });

  it('says one thing of two surprises and the other too', () => {
    const given = { predictions: [PASS, dropAt(1)] };
    const { surprise } = judged(given, observe(arrived, [true, false, true]));
    expect(surprise).toContain('is wrong');
    expect(surprise).toContain('not before that at h1');
  });
});

describe('a witness', () => {
  it('decides together with the capture, and a contradiction is an error', () => {
    const seen = (there: boolean) => (there ? arrived : [true, true, false]);
    const outcome = (captured: boolean, witnessed: Seen) =>
      judged({ witness: true }, observe(arrived, seen(captured), { witnessed })).outcome;
    expect(outcome(true, true)).toBe('pass');
    expect(outcome(true, false)).toBe('error');
    expect(outcome(true, undefined)).toBe('error');
    expect(outcome(false, true)).toBe('error');
    expect(outcome(false, false)).toBe('fail');
    expect(outcome(false, undefined)).toBe('fail');
  });
});

describe('any observation', () => {
  it('of any length gives a verdict that can be written as JSON and holds together', () => {
    const picture = fc.array(fc.constantFrom<Seen>(true, false, undefined), {
      minLength: 3,
      maxLength: 3,
    });
    const prediction = fc.oneof(fc.constant(PASS), fc.nat({ max: 2 }).map(dropAt));
    fc.assert(
      fc.property(
        fc.tuple(picture, picture),
        fc.tuple(prediction, prediction),
        fc.constantFrom('pass' as const, 'blocked' as const),
        fc.array(fc.constant('why'), { maxLength: 1 }),
        ([there, back], predictions, wanted, errors) => {
          const observation = observe(there, back, { errors });
          const verdict = judged({ predictions, expect: wanted }, observation);
          expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
          expect(verdict.message).not.toBe('');
          const drops = predictions.some(({ outcome }) => outcome === 'drop');
          expect(verdict.predicted.outcome).toBe(drops ? 'blocked' : 'pass');
          if (verdict.outcome === 'error')
            expect([verdict.surprise, verdict.blame]).toEqual([null, null]);
        },
      ),
    );
  });
});
