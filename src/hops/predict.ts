import { rulesOf } from './kinds/index.js';
import type { Crossing, Forwarding, FrameSpec, Hop } from './types.js';

/** What the model says of one frame on one path. */
export type Prediction =
  | { readonly outcome: 'pass' }
  | ({ readonly outcome: 'drop'; /** Index into the path. */ readonly at: number } & Omit<
      Extract<Forwarding, { action: 'drop' }>,
      'action'
    >);

/** Each hop of a path with its neighbours on it. */
export const crossings = (path: readonly Hop[]): readonly Crossing[] =>
  path.map((hop, index) => ({ hop, from: path[index - 1], to: path[index + 1] }));

/** Can a capture on each hop of the path see what crosses it there? */
export const observableOn = (path: readonly Hop[]): readonly boolean[] =>
  crossings(path).map((crossing) => rulesOf(crossing.hop.kind).observable(crossing));

/** Follow a frame along a path, in the direction of the path, to its end or to the hop that drops it. Pure. */
export function predict(path: readonly Hop[], frame: FrameSpec): Prediction {
  for (const [at, crossing] of crossings(path).entries()) {
    const result = rulesOf(crossing.hop.kind).forward(crossing, frame);
    if (result.action === 'drop') {
      const { reason, remedy, source } = result;
      return { outcome: 'drop', at, reason, remedy, source };
    }
  }
  return { outcome: 'pass' };
}
