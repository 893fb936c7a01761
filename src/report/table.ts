import { probeKind } from '../topology/kinds.js';
import type { ResultVerdict, VerifyResult } from './result.js';
import { stepCount, stepSum } from './steps.js';

/** The one table of all formats: what is intended, what the model predicts, what was observed, and the outcome. */

/** A check as a line of the table, in words. */
export interface Row {
  readonly probe: string;
  readonly from: string;
  readonly to: string;
  readonly intended: string;
  readonly predicted: string;
  readonly observed: string;
  readonly outcome: string;
}

/** The columns in their order. */
export const COLUMNS = [
  'probe',
  'from',
  'to',
  'intended',
  'predicted',
  'observed',
  'outcome',
] as const satisfies readonly (keyof Row)[];

const ARRIVES = 'arrives';

/** The probe of a verdict in words: `lldp`, `frame lacp, VLAN 7`. */
const probeOf = ({ probe, variant }: ResultVerdict): string =>
  variant === null ? probe : `${probe} ${variant}`;

/** The check of a verdict in words: `lldp a:eth1 > b:eth1`. */
export const checkOf = (verdict: ResultVerdict): string =>
  `${probeOf(verdict)} ${placesOf(verdict)}`;

/** Its ends, or the one place where it looks. */
export const placesOf = ({
  probe,
  from,
  to,
}: Pick<ResultVerdict, 'probe' | 'from' | 'to'>): string =>
  looksOf(probe) ? to : `${from} > ${to}`;

/** The words of a probe that looks at a place. */
export const looksOf = (probe: string) => probeKind(probe).looks;

/** One verdict as a line of the table. */
export function rowOf(verdict: ResultVerdict): Row {
  const { probe, from, to, expect, at, outcome, surprise } = verdict;
  const looks = looksOf(probe);
  const meant = expect === 'pass' ? ARRIVES : `blocked${at === null ? '' : ` at ${at}`}`;
  return {
    probe: probeOf(verdict),
    from: looks ? '' : from,
    to,
    intended: looks?.[expect] ?? meant,
    predicted: predictedIn(verdict),
    observed: observedIn(verdict),
    outcome: surprise === null ? outcome : `${outcome}, UNPREDICTED`,
  };
}

function predictedIn({ predicted, probe }: ResultVerdict): string {
  const looks = looksOf(probe);
  if (predicted.outcome === 'pass') return looks?.pass ?? ARRIVES;
  const does = predicted.outcome === 'random' ? 'may die' : 'dies';
  if (looks)
    return `${predicted.outcome === 'random' ? 'perhaps ' : ''}${looks.blocked}, by ${predicted.at}`;
  return `${predicted.leg ?? 'frame'} ${does} at ${predicted.at ?? 'a hop'}`;
}

function observedIn({ outcome, blame, probe }: ResultVerdict): string {
  if (outcome === 'error') return 'not known';
  if (outcome === 'skipped') return 'not tried';
  const looks = looksOf(probe);
  if (looks && outcome === 'fail' && !blame) return looks.blocked;
  if (looks) return blame ? `${looks.blocked}, by ${blame.at}` : looks.pass;
  return blame ? `${blame.leg} died at ${blame.at}` : 'arrived';
}

/** The outcomes, the one that matters most first: what could not be found out weighs more than what is wrong. */
export const OUTCOMES = ['error', 'fail', 'skipped', 'pass'] as const;

export type Counts = Readonly<Record<(typeof OUTCOMES)[number] | 'lost' | 'unpredicted', number>>;

/** How many verdicts of each outcome; and in how many a frame was lost, or something unpredicted happened. */
export function countsOf(verdicts: readonly ResultVerdict[]): Counts {
  const count = (test: (verdict: ResultVerdict) => boolean): number => verdicts.filter(test).length;
  return {
    error: count(({ outcome }) => outcome === 'error'),
    fail: count(({ outcome }) => outcome === 'fail'),
    skipped: count(({ outcome }) => outcome === 'skipped'),
    pass: count(({ outcome }) => outcome === 'pass'),
    lost: count(({ blame }) => blame !== null),
    unpredicted: count(({ surprise }) => surprise !== null),
  };
}

/** The counts as the last line of a log: `4 pass, 1 fail`. */
export function sumOf(verdicts: readonly ResultVerdict[]): string {
  const counts = countsOf(verdicts);
  const shown = (['pass', 'fail', 'error', 'skipped', 'unpredicted'] as const).filter(
    (name) => name === 'pass' || counts[name] > 0,
  );
  return shown.map((name) => `${counts[name]} ${name}`).join(', ');
}

/** The whole result in words, and the outcome that it stands for: that which matters most. */
export function headlineOf({ verdicts, steps }: Pick<VerifyResult, 'verdicts' | 'steps'>): {
  readonly outcome: (typeof OUTCOMES)[number];
  readonly text: string;
} {
  const counts = countsOf(verdicts);
  const all = verdicts.length;
  const of = (count: number): string => `${count} of ${all} check${all === 1 ? '' : 's'}`;
  const outcome =
    OUTCOMES.find((name) => counts[name] > 0 || stepCount({ steps }, name) > 0) ?? 'pass';
  const wanted = verdicts.filter((one) => one.outcome === 'pass' && one.blame !== null).length;
  const sentences = [
    counts.error > 0 && `${of(counts.error)} could not be found out.`,
    counts.fail > 0 && `${of(counts.fail)} failed: the lab is not as intended.`,
    ...stepSum({ steps }).map((text) => `${text}.`),
    counts.skipped > 0 && `${of(counts.skipped)} not tried.`,
    outcome === 'pass' &&
      (all === 1 ? 'The one check is as intended.' : `All ${all} checks are as intended.`),
    wanted > 0 &&
      (all === 1 ? 'Its frame' : `In ${wanted} of them a frame`) +
        ' is lost, as the topology wants.',
    counts.unpredicted > 0 && `${of(counts.unpredicted)} did what the model does not predict.`,
  ];
  return { outcome, text: sentences.filter((sentence) => sentence !== false).join(' ') };
}
