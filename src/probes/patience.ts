import { impairmentAt, intactShare } from '../hops/impaired.js';
import { lengthOf, mtuOf } from '../hops/limits.js';
import type { Model } from '../hops/emit.js';
import { certainDrop, type Way } from '../hops/predict.js';
import { enteredFrom } from '../hops/through-stack.js';
import type { Patience } from './define.js';

/** Nothing on the way is impaired. */
const NONE: Patience = { ms: 0, intact: 1 };

/** What frames one after the other ask for. */
const after = (one: Patience, other: Patience): Patience => ({
  ms: one.ms + other.ms,
  intact: one.intact * other.intact,
});

/** What impairments ask of those who wait for the frames of a probe, whichever of its courses it takes. Pure. */
export function patienceFor(courses: readonly (readonly Way[])[], model: Model): Patience {
  if (model.world.impairments.size === 0) return NONE;
  const all = courses.map((legs) => legs.map((way) => onWay(way, model)).reduce(after, NONE));
  return {
    ms: Math.max(0, ...all.map(({ ms }) => ms)),
    intact: Math.min(1, ...all.map(({ intact }) => intact)),
  };
}

/** The impairments that a frame meets as far as it comes. */
function onWay({ path, frames, prediction }: Way, { graph, world }: Model): Patience {
  const end = certainDrop(prediction)?.at ?? path.length;
  return path.slice(0, end).reduce((so, hop, at) => {
    const [frame, to] = [frames[at], path[at + 1]];
    if (!frame || !to) return so;
    const place = graph.place(hop.id);
    const from = enteredFrom(place, path[at - 1], frame);
    const met = impairmentAt(world.impairments, { hop, place, from, to });
    if (!met) return so;
    const { delay = 0, jitter = 0, rate } = met;
    // How long a frame is that a program makes itself, nobody has told.
    const length = lengthOf({ ...frame, payload: frame.payload ?? mtuOf(hop) });
    const wire = rate === undefined ? 0 : (length * 8 * 1000) / rate;
    return after(so, { ms: delay + jitter + wire, intact: intactShare(met) });
  }, NONE);
}
