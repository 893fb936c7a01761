import { certainDrop } from '../hops/predict.js';
import type { Cause, Hop } from '../hops/types.js';
import type { Named, PreparedCheck } from './prepare.js';

/** What the model says of a probe as a whole. */
export type PredictedCheck =
  | { readonly outcome: 'pass' }
  | {
      /** `random`: it may arrive or not. */
      readonly outcome: 'blocked' | 'random';
      /** The frame that dies. */
      readonly leg: string;
      readonly at: Hop | undefined;
      readonly cause: Cause;
    };

/** What becomes of it: as chance will have it where that depends on who is the first to answer. */
export function predictedOf({ probe: { courses, state } }: PreparedCheck): PredictedCheck {
  const all = state ? [predictedOn([state])] : courses.map(predictedOn);
  const [first] = all;
  const other = all.find(({ outcome }) => outcome !== first?.outcome);
  const kept = [first, other].find((one) => one && one.outcome !== 'pass');
  if (!first || !kept || kept.outcome === 'pass') return { outcome: 'pass' };
  return other ? { ...kept, outcome: 'random' } : first;
}

/** On one course: the first of its frames that surely dies, else the first that may. */
export function predictedOn(legs: readonly Named[]): PredictedCheck {
  for (const { name, path, prediction } of legs) {
    const drop = certainDrop(prediction);
    if (drop) return { outcome: 'blocked', leg: name, at: path[drop.at], cause: drop };
  }
  for (const { name, path, prediction } of legs)
    if (prediction.outcome === 'random')
      return { outcome: 'random', leg: name, at: path[prediction.at], cause: prediction };
  return { outcome: 'pass' };
}
