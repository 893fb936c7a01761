import { isClosed } from './closed.js';
import { nextOf, passing, type Model } from './emit.js';
import { rulesOf } from './kinds/index.js';
import { drop } from './outcome.js';
import { byChance, causeOf, PASSES, type Prediction } from './prediction.js';
import { enteredFrom } from './through-stack.js';
import { isSealed } from '../frames/encapsulation.js';
import type { Frame } from '../frames/frame.js';
import type { Cause, Crossing, Forwarding, Hop, Place } from './types.js';

/**
 * Can a capture on each hop of the path see what crosses it there? Where a frame comes by a hop again, a capture cannot
 * tell which time it saw, and where it travels sealed, which one that is.
 */
export const observableOn = ({ path, frames }: Pick<Way, 'path' | 'frames'>): readonly boolean[] =>
  path.map(
    (hop, index) =>
      path.indexOf(hop) === index &&
      !isClosed(hop) &&
      !isSealed(frames[index] ?? {}) &&
      !isHandedOver(path[index - 1], path[index + 1]) &&
      rulesOf(hop.kind).observable({ hop, from: path[index - 1], to: path[index + 1] }),
  );

/** Does one device on a lower device hand a frame to another, past the captures there? */
function isHandedOver(from: Hop | undefined, to: Hop | undefined): boolean {
  if (!from || !to) return false;
  const { family, isHandedOverUnseen } = rulesOf(from.kind);
  return isHandedOverUnseen === true && family === rulesOf(to.kind).family;
}

/** A way that a frame takes, or would take if nothing dropped it. */
export interface Way {
  readonly path: readonly Hop[];
  /** The frame as it is at each hop. */
  readonly frames: readonly Frame[];
  readonly prediction: Prediction;
}

/**
 * Follow a frame along a path, in the direction of the path, to its end or to the hop that drops it. What a hop
 * changes on it (its tag) the later ones see. Pure.
 */
export function follow(model: Model, path: readonly Hop[], frame: Frame): Way {
  const frames = path.map(() => frame);
  const prediction = step(model, path, 0, frames);
  return { path, frames, prediction };
}

/** What the model says of one frame on one path. */
export const predict = (model: Model, path: readonly Hop[], frame: Frame): Prediction =>
  follow(model, path, frame).prediction;

/** Follow a frame from a hop of its path on. `frames` has it as it is there and, so far, behind. */
function step(model: Model, path: readonly Hop[], first: number, frames: Frame[]): Prediction {
  for (let at = first; at < path.length; at += 1) {
    const [hop, frame] = [path[at], frames[at]];
    if (!hop || !frame) break;
    const place = model.graph.place(hop.id);
    const from = enteredFrom(place, path[at - 1], frame);
    const result = resultOf(model, { hop, place, from, to: path[at + 1] }, frame);
    if (result.action === 'pass') {
      if (result.frame && result.frame !== frame) frames.fill(result.frame, at + 1);
      continue;
    }
    // What comes behind it is looked at as well: the frame as it would be there.
    if (result.frame) frames.fill(result.frame, at + 1);
    const rest = step(model, path, at + 1, frames);
    if (result.action === 'chance') return byChance(result, at, rest);
    return { outcome: 'drop', at, ...causeOf(result) };
  }
  return PASSES;
}

/** What a hop does with a frame towards the next on its path. Where the path ends, the device is reached, whoever takes the frame there. */
function resultOf(model: Model, crossing: Crossing, frame: Frame): Forwarding {
  const { hop, place, from, to } = crossing;
  if (to) {
    const blocked = model.world.blocked(hop, from, to);
    if (blocked) return blocked;
    const next = nextOf(model, place, from, frame);
    if (!next.some((other) => other?.id === to.id)) return elsewhere(place, next, to);
  }
  return passing(model, crossing, frame);
}

function elsewhere(
  { hop, uppers }: Place,
  next: readonly (Hop | undefined)[],
  to: Hop,
): Forwarding {
  const handed = next.map((other) => other?.label ?? 'its own stack').join(', ') || 'nobody';
  const source = 'Linux net/core/dev.c: dev_queue_xmit, __netif_receive_skb_core';
  return uppers.some(({ id }) => id === to.id)
    ? drop(
        `${to.label} is on top of ${hop.label}, and does not get this frame: ${hop.label} hands it to ${handed}. What the stack of ${hop.stack} sends by ${hop.label} is never for a device on top of it.`,
        `Let ${hop.stack} send by a device of the same kind on ${hop.label} (a macvlan in mode bridge).`,
        source,
      )
    : drop(
        `${hop.label} does not hand it to ${to.label}: it hands it to ${handed}.`,
        `Send it by a port that leads to ${to.label}.`,
        source,
      );
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
 * drops what it sends out has, unless its cause says otherwise.
 * @param lastSeen - index of the last hop that saw the frame, -1 where none did
 */
export function causeBetween(
  prediction: Prediction,
  lastSeen: number,
  firstMissed: number,
): (Cause & { readonly at: number }) | undefined {
  if (prediction.outcome === 'pass') return undefined;
  const first = prediction.isUnseen ? lastSeen + 1 : lastSeen;
  if (prediction.at >= first && prediction.at <= firstMissed) return prediction;
  return prediction.outcome === 'random'
    ? causeBetween(prediction.rest, lastSeen, firstMissed)
    : undefined;
}
