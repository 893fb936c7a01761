import type { Frame } from '../frames/frame.js';
import type { Model } from './emit.js';
import { rulesOf } from './kinds/index.js';
import { includes } from './onward.js';
import type { Forwarding, Hop, Place } from './types.js';
import type { HandedOn } from './world.js';

/** A packet in which a frame travels goes on from stack to stack; what is for a stack otherwise ends there. */

const isCarrier = ({ kind }: Hop): boolean => rulesOf(kind).isCarrier === true;

/** Is a hop joined to another one, in whatever role? Two ends of a tunnel are by way of their stacks alone. */
const isNext = ({ hop: at, peers, uppers, lowers, masters, ports }: Place, hop: Hop): boolean =>
  !(isCarrier(at) && isCarrier(hop)) &&
  [peers, uppers, lowers, masters, ports].some((hops) => includes(hops, hop));

/** Whom a frame comes from as a device sees it: whoever is not joined to it has handed it over by the stack. */
export const enteredFrom = (place: Place, from: Hop | undefined, frame: Frame): Hop | undefined =>
  frame.inner && from && !isNext(place, from) ? undefined : from;

/** To whom a stack hands what a hop hands to it. */
export function throughStack(
  model: Model,
  hop: Hop,
  frame: Frame,
  next: readonly (Hop | undefined)[],
): readonly (Hop | undefined)[] {
  if (!frame.inner || !next.includes(undefined)) return next;
  const handed = model.world.underlay(model, hop, frame).map(({ to }) => to);
  return handed.length === 0 ? next : [...next.filter((to) => to !== undefined), ...handed];
}

/** How the stack of a hop hands a packet to somebody; nothing where it is not the stack that does. */
export const handedOn = (
  model: Model,
  { hop, place, to }: { readonly hop: Hop; readonly place: Place; readonly to: Hop | undefined },
  frame: Frame,
): HandedOn | undefined =>
  frame.inner && !(to && isNext(place, to))
    ? model.world.underlay(model, hop, frame).find((one) => one.to?.id === to?.id)
    : undefined;

/** What becomes of a frame that one lets pass, and then another does something with. */
export function afterwards(first: Forwarding, then: Forwarding | undefined): Forwarding {
  if (first.action === 'drop' || !then) return first;
  if (first.action === 'pass' || then.action !== 'pass') return then;
  return { ...first, ...(then.frame && { frame: then.frame }) };
}
