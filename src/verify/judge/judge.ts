import { causeBetween } from '../../hops/predict.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { Prediction } from '../../hops/prediction.js';
import type { Hop } from '../../hops/types.js';
import type { PredictedCheck } from '../../probes/inquiry.js';
import { predictedOf, predictedOn } from '../../probes/predicted.js';
import { onCourse, type PreparedCheck } from '../../probes/prepare.js';
import type { Explanation, LostFrame } from './causes/define.js';
import type { Blame, Outcome, Predicted, Verdict, VerdictHop } from './verdict.js';
import { alteredAt, causeOf } from './altered.js';
import { overheard } from './overheard.js';
import { findLoss, type LegLoss } from './loss.js';
import { unseenInside } from './unseen-inside.js';
import type { Observation } from '../run/observation.js';
import { verdictHop } from './verdict-hop.js';

/** What is predicted, by labels. */
export function inWords(said: PredictedCheck): Predicted {
  if (said.outcome === 'pass') return { outcome: 'pass', leg: null, at: null };
  return { outcome: said.outcome, leg: said.leg, at: said.at?.label ?? null };
}

/** The loss as those who look for its cause need it. */
type Lost = Pick<LostFrame, 'leg' | 'legs' | 'lastSeen' | 'firstMissed' | 'note' | 'before'>;

/** What says why a frame was lost where the model knows of nothing: the state of the devices. */
export type FindCause = (lost: Lost) => Explanation | undefined;

function blameFor(
  { legs }: PreparedCheck,
  { leg: index, lastSeen, firstMissed }: LegLoss,
  { altered, notes }: Observation,
  findCause: FindCause,
): Blame {
  const leg = legs[index];
  const label = (hop: number): string => leg?.path[hop]?.label ?? '';
  const other = alteredAt(altered, index, firstMissed);
  // What has come in another form was not dropped.
  const known = leg && !other ? causeBetween(leg.prediction, lastSeen, firstMissed) : undefined;
  const found =
    known || !leg
      ? undefined
      : findCause({
          ...{ leg, legs, lastSeen, firstMissed },
          ...{ note: notes?.[index], before: notes?.[index - 1] },
        });
  const cause =
    known ?? found ?? (other && causeOf(other, label(Math.max(lastSeen, 0)), label(firstMissed)));
  return {
    leg: leg?.name ?? '',
    lastSeen: lastSeen < 0 ? null : label(lastSeen),
    firstMissed: label(firstMissed),
    at: known ? label(known.at) : (found?.at.label ?? label(firstMissed)),
    reason: cause?.reason ?? null,
    remedy: cause?.remedy ?? null,
    source: cause?.source ?? null,
    predicted: known !== undefined,
  };
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

/** The index of the switch from which on a controller decides by which way a frame goes; none where the file says it. */
function leftToControllers(path: readonly Hop[], prediction: Prediction | undefined): number {
  if (prediction?.outcome !== 'random') return Infinity;
  const { at, probability, rest } = prediction;
  const isOpen = rulesOf(path[at]?.kind ?? '').isOpenFlow === true && probability === undefined;
  return isOpen ? at : leftToControllers(path, rest);
}

/**
 * Where a frame was seen further on but not here, though a capture ran: it went another way, or a capture lies.
 * @param open - from this hop on it may go another way
 */
function gapIn(hops: readonly VerdictHop[], open: number): string | null {
  const last = hops.findLastIndex(({ seen }) => seen === true);
  const missed = hops.slice(0, Math.min(last, open) + 1).filter(({ seen }) => seen === false);
  if (missed.length === 0) return null;
  const names = missed
    .map(({ label, altered }) => (altered === null ? label : `${label} (there with ${altered})`))
    .join(', ');
  return `It was seen at ${hops[last]?.label ?? 'a hop'} but not before that at ${names}, where a capture ran: it took another way than the model says, or the capture missed it.`;
}

function surpriseOf(
  predicted: Predicted,
  loss: LegLoss | 'arrived',
  blame: Blame | null,
): string | null {
  if (loss === 'arrived') {
    if (predicted.outcome !== 'blocked') return null;
    return `The model says that the ${predicted.leg ?? 'frame'} dies at ${predicted.at ?? 'a hop'}, but everything arrived: the model or the kernel is wrong.`;
  }
  if (blame?.predicted) return null;
  if (blame && blame.reason !== null) return `The lab is not as its file says: ${blame.reason}`;
  if (predicted.outcome === 'pass')
    return 'The model knows of nothing on this path that would drop the frame: something outside the topology does, or the model is wrong.';
  return `The model says that the ${predicted.leg ?? 'frame'} ${predicted.outcome === 'random' ? 'may die' : 'dies'} at ${predicted.at ?? 'a hop'}, but it was lost elsewhere.`;
}

/** Nothing is known of a frame that was not even seen where it was sent. */
const unseenBy = ({ send }: PreparedCheck['probe']): string =>
  `\`${send?.argv[0] ?? ''}\` ran to its end in ${send?.stack.id}, again and again, but no capture saw what it is to send, not even the one on the device that it sends by: it did not send, or the capture does not work.`;

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
  prepared: PreparedCheck,
  captured: Observation,
  findCause: FindCause = () => undefined,
  permission: (check: PreparedCheck) => string | undefined = () => undefined,
): Verdict {
  const check = onCourse(prepared, captured.course);
  const observation = { ...captured, seen: withDownDevices(check, captured.seen) };
  const { probe, legs } = check;
  const { expect, at } = probe.check;
  const predicted = inWords(predictedOf(check));
  // What is held against what was seen: that who was first to answer was first.
  const onThisCourse = inWords(predictedOn(legs));
  const loss = findLoss(observation.seen, legs);
  const lost = typeof loss === 'object' ? loss : undefined;
  const legIndex = lost?.leg ?? legs.length - 1;
  const leg = legs[legIndex];
  const path = leg?.path ?? [];
  const hops = path.map((hop, index) =>
    verdictHop(hop, {
      seen: observation.seen[legIndex]?.[index],
      altered: alteredAt(observation.altered, legIndex, index)?.tags,
    }),
  );
  const blame = lost ? blameFor(check, lost, observation, findCause) : null;
  const others = overheard(check, observation);
  const verdict = (outcome: Outcome, message: string): Verdict => ({
    overheard: others?.ends ?? null,
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
        : [
            surpriseOf(onThisCourse, loss, blame),
            gapIn(hops, leftToControllers(path, leg?.prediction)),
          ]
            .filter((text) => text !== null)
            .join(' ') || null,
    ms: Math.round(observation.ms),
  });
  /** As it must be, but for those who hear it and must not. */
  const passed = (message: string): Verdict =>
    others?.complaint === undefined ? verdict('pass', message) : verdict('fail', others.complaint);
  const [problem] = observation.errors;
  if (problem !== undefined && loss !== 'arrived') return verdict('error', problem);
  if (loss === 'unknown') {
    const why = unseenInside(legs, observation.seen);
    if (why !== undefined) return verdict('skipped', why);
    return verdict('error', 'No capture could look at the end of the path.');
  }
  if (loss === 'arrived') {
    if (probe.witness && observation.witnessed !== true)
      return verdict(
        'error',
        `The capture saw the frame at ${hops.at(-1)?.label ?? 'the end'}, but ${probe.witness.name} there ${observation.witnessed === undefined ? 'does not answer' : 'knows nothing of it'}.`,
      );
    return expect === 'pass'
      ? passed('It arrived.')
      : verdict(
          'fail',
          ['It arrived, but must be blocked.', permission(check) ?? ''].join(' ').trim(),
        );
  }
  if (observation.witnessed === true)
    return verdict('error', `${probe.witness?.name ?? 'The witness'} heard what no capture saw.`);
  if (observation.unseen === true && (blame?.reason ?? null) === null)
    return verdict('error', unseenBy(probe));
  const where = `The ${blame?.leg ?? 'frame'} died at ${blame?.at ?? ''}.`;
  if (expect === 'pass') return verdict('fail', where);
  if (
    at === undefined ||
    suspects(check, loss, blame).some((hop) => hop.label === at || hop.device === at)
  )
    return passed(`Blocked, as expected: ${where.charAt(0).toLowerCase()}${where.slice(1)}`);
  return verdict('fail', `${where} It must be blocked at ${at}.`);
}
