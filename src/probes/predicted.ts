import { certainDrop } from '../hops/predict.js';
import type { Named, PredictedCheck } from './inquiry.js';
import type { PreparedCheck } from './prepare.js';

/** What becomes of it: as chance will have it where that depends on who is the first to answer. */
export function predictedOf({ probe }: PreparedCheck): PredictedCheck {
  const { courses, state, question } = probe;
  if (question) return question.predicted;
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
