import { rulesOf } from './kinds/index.js';
import type { Cause, Crossing, FrameSpec, Hop } from './types.js';

/** What the model says of one frame on one path. `at` is an index into the path. */
export type Prediction =
  | { readonly outcome: 'pass' }
  | ({ readonly outcome: 'drop'; readonly at: number } & Cause)
  | ({
      /** It passes the hop `at` or not by chance: nothing that a topology says decides it. */
      readonly outcome: 'random';
      readonly at: number;
      /** How likely it passes that hop, 0 to 1. */
      readonly probability: number;
      /** What becomes of it if it does. */
      readonly rest: Prediction;
    } & Cause);

/** Each hop of a path with its neighbours on it. */
export const crossings = (path: readonly Hop[]): readonly Crossing[] =>
  path.map((hop, index) => ({ hop, from: path[index - 1], to: path[index + 1] }));

/** Can a capture on each hop of the path see what crosses it there? */
export const observableOn = (path: readonly Hop[]): readonly boolean[] =>
  crossings(path).map((crossing) => rulesOf(crossing.hop.kind).observable(crossing));

/**
 * Follow a frame along a path, in the direction of the path, to its end or to the hop that drops it. What a hop
 * changes on it (its tag) the later ones see. Pure.
 */
export const predict = (path: readonly Hop[], frame: FrameSpec): Prediction =>
  follow(crossings(path), 0, frame);

function follow(all: readonly Crossing[], first: number, start: FrameSpec): Prediction {
  let frame = start;
  for (let at = first; at < all.length; at += 1) {
    const crossing = all[at];
    if (!crossing) break;
    const result = rulesOf(crossing.hop.kind).forward(crossing, frame);
    if (result.action === 'pass') {
      frame = result.frame ?? frame;
      continue;
    }
    const { reason, remedy, source } = result;
    const cause = { at, reason, remedy, source };
    if (result.action === 'drop') return { outcome: 'drop', ...cause };
    const rest = follow(all, at + 1, frame);
    return { outcome: 'random', ...cause, probability: result.probability, rest };
  }
  return { outcome: 'pass' };
}

/** Where a frame dies if it has not died before by chance; nothing where it may arrive. */
export function certainDrop(
  prediction: Prediction,
): Extract<Prediction, { outcome: 'drop' }> | undefined {
  if (prediction.outcome === 'random') return certainDrop(prediction.rest);
  return prediction.outcome === 'drop' ? prediction : undefined;
}

/**
 * What the model knows of a loss between two hops. A hop that drops what enters it has not seen it; one that
 * drops what it sends out has.
 * @param lastSeen - index of the last hop that saw the frame, -1 where none did
 */
export function causeBetween(
  prediction: Prediction,
  lastSeen: number,
  firstMissed: number,
): (Cause & { readonly at: number }) | undefined {
  if (prediction.outcome === 'pass') return undefined;
  if (prediction.at >= lastSeen && prediction.at <= firstMissed) return prediction;
  return prediction.outcome === 'random'
    ? causeBetween(prediction.rest, lastSeen, firstMissed)
    : undefined;
}
