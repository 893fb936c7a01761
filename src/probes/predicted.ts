import { certainDrop } from '../hops/predict.js';
import type { Cause, Hop } from '../hops/types.js';
import type { PreparedCheck } from './prepare.js';

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

/** The first of its frames that surely dies, else the first that may. */
export function predictedOf({ legs }: PreparedCheck): PredictedCheck {
  for (const { name, path, prediction } of legs) {
    const drop = certainDrop(prediction);
    if (drop) return { outcome: 'blocked', leg: name, at: path[drop.at], cause: drop };
  }
  for (const { name, path, prediction } of legs)
    if (prediction.outcome === 'random')
      return { outcome: 'random', leg: name, at: path[prediction.at], cause: prediction };
  return { outcome: 'pass' };
}
