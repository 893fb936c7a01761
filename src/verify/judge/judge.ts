import { causeBetween, certainDrop } from '../../hops/predict.js';
import type { Hop } from '../../hops/types.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Explanation, LostFrame } from './causes/define.js';
import type { Blame, Outcome, Predicted, Verdict, VerdictHop } from './verdict.js';
import { findLoss, type LegLoss } from './loss.js';
import type { Observation } from '../run/wave.js';

/** What the model says of the probe as a whole: the first of its frames that surely dies, else the first that may. */
function predictedOf({ legs }: PreparedCheck): Predicted {
  const at = (leg: number, hop: number | undefined) => ({
    leg: legs[leg]?.name ?? null,
    at: legs[leg]?.path[hop ?? -1]?.label ?? null,
  });
  const predictions = legs.map(({ prediction }) => prediction);
  const drops = predictions.map(certainDrop);
  const dies = drops.findIndex((drop) => drop !== undefined);
  if (dies >= 0) return { outcome: 'blocked', ...at(dies, drops[dies]?.at) };
  const may = predictions.findIndex(({ outcome }) => outcome === 'random');
  const prediction = predictions[may];
  if (prediction?.outcome !== 'random') return { outcome: 'pass', leg: null, at: null };
  return { outcome: 'random', ...at(may, prediction.at) };
}

/** The loss as those who look for its cause need it. */
type Lost = Pick<LostFrame, 'leg' | 'legs' | 'fromStack' | 'lastSeen' | 'firstMissed'>;

/** What says why a frame was lost where the model knows of nothing: the state of the devices. */
export type FindCause = (lost: Lost) => Explanation | undefined;

interface Blamed {
  readonly blame: Blame;
  /** The file itself has what dropped it, beyond what the model reads. */
  readonly isWritten: boolean;
}

const NOBODY = { blame: null, isWritten: false } as const;

function blameFor(
  { probe, legs }: PreparedCheck,
  { leg: index, lastSeen, firstMissed }: LegLoss,
  findCause: FindCause,
): Blamed {
  const leg = legs[index];
  const label = (hop: number): string => leg?.path[hop]?.label ?? '';
  const known = leg && causeBetween(leg.prediction, lastSeen, firstMissed);
  const fromStack = probe.fromStack === true;
  const found =
    known || !leg ? undefined : findCause({ leg, legs, fromStack, lastSeen, firstMissed });
  const cause = known ?? found;
  const blame = {
    leg: leg?.name ?? '',
    lastSeen: lastSeen < 0 ? null : label(lastSeen),
    firstMissed: label(firstMissed),
    at: known ? label(known.at) : (found?.at.label ?? label(firstMissed)),
    reason: cause?.reason ?? null,
    remedy: cause?.remedy ?? null,
    source: cause?.source ?? null,
    predicted: known !== undefined,
  };
  return { blame, isWritten: found?.isWritten === true };
}

/** Hops that may have dropped the frame: any of them, and the one that is blamed, may be named by `at`. */
function suspects(
  { legs }: PreparedCheck,
  { leg, lastSeen, firstMissed }: LegLoss,
  blame: Blame | null,
): readonly Hop[] {
  const path = legs[leg]?.path ?? [];
  return path.filter(
    ({ label }, index) => (index > lastSeen && index <= firstMissed) || label === blame?.at,
  );
}

/** Where a frame was seen further on but not here, though a capture ran: it went another way, or a capture lies. */
function gapIn(hops: readonly VerdictHop[]): string | null {
  const last = hops.findLastIndex(({ seen }) => seen === true);
  const missed = hops.slice(0, last + 1).filter(({ seen }) => seen === false);
  if (missed.length === 0) return null;
  const names = missed.map(({ label }) => label).join(', ');
  return `It was seen at ${hops[last]?.label ?? 'a hop'} but not before that at ${names}, where a capture ran: it took another way than the model says, or the capture missed it.`;
}

function surpriseOf(
  predicted: Predicted,
  loss: LegLoss | 'arrived',
  { blame, isWritten }: Blamed | typeof NOBODY,
): string | null {
  if (loss === 'arrived') {
    if (predicted.outcome !== 'blocked') return null;
    return `The model says that the ${predicted.leg ?? 'frame'} dies at ${predicted.at ?? 'a hop'}, but everything arrived: the model or the kernel is wrong.`;
  }
  if (blame?.predicted) return null;
  if (isWritten) return `The model does not read the packet filters of a file: ${blame.reason}`;
  if (blame && blame.reason !== null) return `The lab is not as its file says: ${blame.reason}`;
  if (predicted.outcome === 'pass')
    return 'The model knows of nothing on this path that would drop the frame: something outside the topology does, or the model is wrong.';
  return `The model says that the ${predicted.leg ?? 'frame'} ${predicted.outcome === 'random' ? 'may die' : 'dies'} at ${predicted.at ?? 'a hop'}, but it was lost elsewhere.`;
}

/** No capture runs on a device that is down, but nothing reaches it either. */
const withDownDevices = ({ legs }: PreparedCheck, seen: Observation['seen']) =>
  legs.map(({ path }, index) =>
    path.map((hop, at) => seen[index]?.[at] ?? (hop.settings.down === true ? false : undefined)),
  );

/**
 * Compare what is intended, what the model predicts and what the captures saw. Pure.
 * @param findCause - asked about a loss that the model does not know of
 * @param permission - asked what lets a check through that is to be blocked
 */
export function judge(
  check: PreparedCheck,
  captured: Observation,
  findCause: FindCause = () => undefined,
  permission: (check: PreparedCheck) => string | undefined = () => undefined,
): Verdict {
  const observation = { ...captured, seen: withDownDevices(check, captured.seen) };
  const { probe, legs } = check;
  const { expect, at } = probe.check;
  const predicted = predictedOf(check);
  const loss = findLoss(observation.seen);
  const lost = typeof loss === 'object' ? loss : undefined;
  const legIndex = lost?.leg ?? legs.length - 1;
  const leg = legs[legIndex];
  const hops = (leg?.path ?? []).map((hop, index): VerdictHop => ({
    host: hop.where.host,
    stack: hop.stack,
    device: hop.device,
    kind: hop.kind,
    label: hop.label,
    seen: observation.seen[legIndex]?.[index] ?? null,
  }));
  const blamed = lost ? blameFor(check, lost, findCause) : NOBODY;
  const { blame } = blamed;
  const verdict = (outcome: Outcome, message: string): Verdict => ({
    probe: probe.kind,
    variant: probe.variant ?? null,
    from: probe.check.from,
    to: probe.check.to,
    expect,
    at: at ?? null,
    outcome,
    predicted,
    leg: leg?.name ?? '',
    hops,
    // What could not be found out is nobody's fault.
    blame: outcome === 'error' ? null : blame,
    message,
    surprise:
      outcome === 'error' || loss === 'unknown'
        ? null
        : [surpriseOf(predicted, loss, blamed), gapIn(hops)]
            .filter((text) => text !== null)
            .join(' ') || null,
    ms: Math.round(observation.ms),
  });
  const [problem] = observation.errors;
  if (problem !== undefined && loss !== 'arrived') return verdict('error', problem);
  if (loss === 'unknown') return verdict('error', 'No capture could look at the end of the path.');
  if (loss === 'arrived') {
    if (probe.witness && observation.witnessed !== true)
      return verdict(
        'error',
        `The capture saw the frame at ${hops.at(-1)?.label ?? 'the end'}, but ${probe.witness.name} there ${observation.witnessed === undefined ? 'does not answer' : 'knows nothing of it'}.`,
      );
    return expect === 'pass'
      ? verdict('pass', 'It arrived.')
      : verdict(
          'fail',
          ['It arrived, but must be blocked.', permission(check) ?? ''].join(' ').trim(),
        );
  }
  if (observation.witnessed === true)
    return verdict('error', `${probe.witness?.name ?? 'The witness'} heard what no capture saw.`);
  const where = `The ${blame?.leg ?? 'frame'} died at ${blame?.at ?? ''}.`;
  if (expect === 'pass') return verdict('fail', where);
  if (
    at === undefined ||
    suspects(check, loss, blame).some((hop) => hop.label === at || hop.device === at)
  )
    return verdict(
      'pass',
      `Blocked, as expected: ${where.charAt(0).toLowerCase()}${where.slice(1)}`,
    );
  return verdict('fail', `${where} It must be blocked at ${at}.`);
}
