import { FRAME_CLASSES, type FrameClass, type FrameEnd } from '../frames/classes.js';
import { frameOf } from '../frames/make.js';
import type { Model } from './emit.js';
import { findWay } from './find-way.js';
import { follow } from './predict.js';
import type { Prediction } from './prediction.js';
import type { Hop } from './types.js';

/** A class that one end of a path does not hear of the other, or not for sure. */
export interface ClassLoss {
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
  readonly lost: readonly ClassLoss[];
}

/** What becomes of a lost frame, as a verb. */
export const fateOf = ({ outcome }: ClassLoss): string => FATES[outcome];
const FATES = { drop: 'dies', random: 'dies but for luck' } as const;

/** What a frame needs to know of a hop at which it starts or ends. */
const frameEnd = ({ settings }: Hop): FrameEnd => ({
  mac: settings.mac ?? '',
  mtu: settings.mtu,
});

/**
 * Let the frame of each class go from the first hop of a path to its last: along the path, or where there are detours by
 * the way that it takes. Pure.
 */
export function hearingOn(
  model: Model,
  path: readonly Hop[],
  classes: readonly FrameClass[] = FRAME_CLASSES,
): Hearing {
  const [first, last] = [path.at(0), path.at(-1)];
  if (!first || !last) throw new RangeError('a path has two ends');
  const ends = { from: frameEnd(first), to: frameEnd(last) };
  const detours = model.graph.hasDetours(first.id);
  const lost = classes.flatMap((frameClass): ClassLoss[] => {
    const frame = frameOf(frameClass, ends);
    const way =
      (detours ? findWay(model, first, last, frame) : undefined) ?? follow(model, path, frame);
    if (way.prediction.outcome === 'pass') return [];
    const { outcome, at, reason, remedy, source } = way.prediction;
    return [{ class: frameClass, outcome, at: way.path[at] ?? last, reason, remedy, source }];
  });
  const hears = classes.filter((frameClass) => lost.every((loss) => loss.class !== frameClass));
  return { path, hears, lost };
}
