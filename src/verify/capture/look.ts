import { observableOn } from '../../hops/predict.js';
import { carried } from '../../frames/carried.js';
import { describeTags, sameTags, type SeenFrame } from '../../frames/frame.js';
import type { Leg } from '../../probes/define.js';
import { onCourse, type PreparedCheck } from '../../probes/prepare.js';
import type { FrameStore } from './frame-store.js';

/** What the captures saw, and where nothing can be seen. */
interface Sights {
  readonly frames: FrameStore;
  /** Why hops are not captured, by id. */
  readonly failures: ReadonlyMap<string, string>;
  /** Why hops are gone, by id: no frame can be there. */
  readonly gone: ReadonlyMap<string, string>;
}

/** A frame that came to a hop with other tags than the model has it there. */
export interface Altered {
  /** Indexes of the leg, and of the hop on its path. */
  readonly leg: number;
  readonly hop: number;
  /** How it came, and how it should have, in words. */
  readonly tags: string;
  readonly expected: string;
}

/**
 * The course that the frames of a check have taken, as far as captures have been read: one on which the last has arrived,
 * else the one of which most was seen.
 * @returns its index, and what was seen on it
 */
export function lookAlong(
  check: PreparedCheck,
  context: Sights,
): { readonly course: number; readonly seen: ReturnType<typeof look> } {
  // By far the most checks have one course, and are looked at again and again.
  if (check.probe.courses.length === 1)
    return { course: 0, seen: look(onCourse(check, 0), context) };
  const all = check.probe.courses.map((_, course) => ({
    course,
    seen: look(onCourse(check, course), context),
  }));
  const scoreOf = ({ seen }: (typeof all)[number]): number => {
    const hops = seen.flat();
    const hits = hops.filter((one) => one === true).length;
    const misses = hops.filter((one) => one === false).length;
    return (seen.at(-1)?.at(-1) === true ? hops.length : 0) + hits - misses;
  };
  const [best] = all.toSorted((a, b) => scoreOf(b) - scoreOf(a));
  return best ?? { course: 0, seen: [] };
}

/** Which hop saw which leg's frame, with the tags that it should have there, as far as captures have been read. */
function look(
  { legs }: PreparedCheck,
  context: Sights,
): readonly (readonly (boolean | undefined)[])[] {
  const { frames, failures } = context;
  return legs.map((leg) => {
    const observable = observableOn(leg);
    return leg.path.map((hop, index) => {
      if (context.gone.has(hop.id)) return false;
      if (observable[index] !== true) return undefined;
      // What a capture saw before it ended holds; what it did not see does not.
      if (
        frames
          .since(hop.id)
          .some((frame) => isAt(leg, index, frame) && isAsExpected(leg, index, frame))
      )
        return true;
      return failures.has(hop.id) ? undefined : false;
    });
  });
}

/** Is a captured frame that of a leg at a hop of its way, or does it carry that as it does there? */
export function isAt(leg: Leg, index: number, seen: SeenFrame): boolean {
  const expected = leg.frames[index];
  const own = expected ? carried(seen, expected) : seen;
  return own !== undefined && leg.matches(own);
}

const isAsExpected = ({ frames }: Leg, index: number, seen: SeenFrame): boolean => {
  const expected = frames[index];
  return !expected || sameTags(seen, expected);
};

/** The frames of a check that came to a hop of their way, and only with other tags than they should have there. */
export function lookForAltered(
  { legs }: PreparedCheck,
  { frames }: Sights,
  seen: ReturnType<typeof look>,
): readonly Altered[] {
  return legs.flatMap((leg, number) =>
    leg.path.flatMap((hop, index): readonly Altered[] => {
      const expected = leg.frames[index];
      if (seen[number]?.[index] !== false || !expected) return [];
      const other = frames.since(hop.id).find((frame) => isAt(leg, index, frame));
      if (!other) return [];
      const [tags, should] = [other, expected].map(describeTags);
      return [{ leg: number, hop: index, tags: tags ?? '', expected: should ?? '' }];
    }),
  );
}
