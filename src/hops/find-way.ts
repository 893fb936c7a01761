import { copyKey, type Frame } from '../frames/frame.js';
import { emit, type Arrival, type Model } from './emit.js';
import { pathBetween } from './graph.js';
import { rulesOf } from './kinds/index.js';
import { follow, type Way } from './predict.js';
import type { Hop } from './types.js';

/**
 * The way that a frame takes from one device to another, and what becomes of it there. Where several lead there it is
 * the one on which the least hops drop it, the shortest of those: what spanning tree blocks is gone round.
 * @returns none where they are not joined at layer 2
 */
export function findWay(model: Model, from: Hop, to: Hop, frame: Frame): Way | undefined {
  const shortest = pathBetween(model.graph, from.id, to.id);
  if (!shortest) return undefined;
  // Where there is neither a ring nor a port that sends back, there is one way.
  const path = model.graph.hasDetours(from.id)
    ? (search(model, from, to, frame) ?? search(model, from, to, frame, true))
    : undefined;
  return follow(model, path ?? shortest, frame);
}

interface Reached extends Arrival {
  readonly before: Reached | undefined;
  /** How many hops it has really come to, if hops have dropped it. */
  readonly travelled: number | undefined;
}

const keyOf = ({ hop, from, frame }: Arrival): string =>
  [hop.id, from?.id, copyKey(frame)].join('\0');

/**
 * Look on, level by level, first where nothing drops the frame, then where one hop does, and so on. Of ways on which as
 * many drop it, it gets furthest on the one that it really takes.
 * @param isBlind - go on to those, too, to whom nobody hands it
 */
function search(
  model: Model,
  from: Hop,
  to: Hop,
  frame: Frame,
  isBlind = false,
): readonly Hop[] | undefined {
  const seen = new Set<string>();
  let now: Reached[] = [
    { hop: from, from: undefined, frame, before: undefined, travelled: undefined },
  ];
  while (now.length > 0) {
    const { ends, later } = searchLevel(model, to, now, seen, isBlind);
    const [best] = ends.toSorted((a, b) => (b.travelled ?? 0) - (a.travelled ?? 0));
    if (best) return pathTo(best);
    now = later;
  }
  return undefined;
}

/** Follow all arrivals as far as nothing drops them: those that reach the end, and those beyond a drop. */
function searchLevel(
  model: Model,
  to: Hop,
  now: Reached[],
  seen: Set<string>,
  isBlind: boolean,
): { readonly ends: readonly Reached[]; readonly later: Reached[] } {
  const ends: Reached[] = [];
  const later: Reached[] = [];
  // A list that grows while it is walked.
  for (const at of now) {
    if (at.hop.id === to.id && at.before) {
      ends.push(at);
      if (at.travelled === undefined) break;
      continue;
    }
    const key = keyOf(at);
    if (seen.has(key)) continue;
    seen.add(key);
    const goOn = (next: Hop, onward: Frame, isDropped: boolean): void => {
      const travelled = at.travelled ?? (isDropped ? pathTo(at).length : undefined);
      const reached = { hop: next, from: at.hop, frame: onward, before: at, travelled };
      (isDropped ? later : now).push(reached);
    };
    for (const { to: next, result, frame } of emit(model, at))
      if (next) goOn(next, frame, result.action === 'drop');
    if (isBlind)
      for (const id of model.graph.neighbours.get(at.hop.id) ?? [])
        goOn(model.graph.place(id).hop, at.frame, true);
  }
  return { ends, later };
}

function pathTo(end: Reached): readonly Hop[] {
  const path: Hop[] = [];
  for (let at: Reached | undefined = end; at; at = at.before) path.push(at.hop);
  return path.reverse();
}

/** Let devices remember what has come to them, as far as a frame gets on its way. */
export function learn({ world }: Model, { path, frames, prediction }: Way): void {
  const reached = prediction.outcome === 'drop' ? prediction.at : path.length - 1;
  for (let at = 1; at <= reached; at += 1) {
    const [hop, from, frame] = [path[at], path[at - 1], frames[at]];
    if (hop && from && frame) rulesOf(hop.kind).learns?.(hop, from, frame, world.memory, world);
  }
}
