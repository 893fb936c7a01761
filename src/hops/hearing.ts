import { frameEnd, frameOf } from './frames.js';
import { predict, type Prediction } from './predict.js';
import { FRAME_CLASSES, type FrameClass, type Hop } from './types.js';

/** A class that one end of a path does not hear of the other, or not for sure. */
export interface Loss {
  readonly class: FrameClass;
  readonly outcome: Exclude<Prediction['outcome'], 'pass'>;
  /** Where it dies. */
  readonly at: Hop;
  readonly reason: string;
  readonly remedy: string;
  readonly source: string;
}

/** What the last hop of a path hears of the first. */
export interface Hearing {
  readonly path: readonly Hop[];
  readonly hears: readonly FrameClass[];
  readonly lost: readonly Loss[];
}

/** What becomes of a lost frame, as a verb. */
export const fateOf = ({ outcome }: Loss): string => FATES[outcome];
const FATES = { drop: 'dies', random: 'dies but for luck' } as const;

/** Let the frame of each class follow a path from its first hop to its last. Pure. */
export function hearingOn(
  path: readonly Hop[],
  classes: readonly FrameClass[] = FRAME_CLASSES,
): Hearing {
  const [first, last] = [path.at(0), path.at(-1)];
  if (!first || !last) throw new RangeError('a path has two ends');
  const ends = { from: frameEnd(first), to: frameEnd(last) };
  const lost = classes.flatMap((frameClass): Loss[] => {
    const prediction = predict(path, frameOf(frameClass, ends));
    if (prediction.outcome === 'pass') return [];
    const { outcome, reason, remedy, source } = prediction;
    const at = path[prediction.at] ?? last;
    return [{ class: frameClass, outcome, at, reason, remedy, source }];
  });
  const hears = classes.filter((frameClass) => lost.every((loss) => loss.class !== frameClass));
  return { path, hears, lost };
}
