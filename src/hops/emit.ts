import type { Frame } from '../frames/frame.js';
import { carrierOf } from './carrier.js';
import { deviceSights } from './device-sights.js';
import { filtered } from './filtering.js';
import { impaired } from './impaired.js';
import type { HopGraph } from './graph.js';
import { rulesOf } from './kinds/index.js';
import { drop } from './outcome.js';
import { includes, onward } from './onward.js';
import { afterwards, enteredFrom, handedOn, throughStack } from './through-stack.js';
import type { Crossing, Forwarding, Hop, Place } from './types.js';
import type { World } from './world.js';

/** Where hops hand frames on: the hops of a lab and what they know. */
export interface Model {
  readonly graph: HopGraph;
  readonly world: World;
}

/** A frame where it is: at a hop, and whom it came from; the stack that owns the device when undefined. */
export interface Arrival {
  readonly hop: Hop;
  readonly from: Hop | undefined;
  readonly frame: Frame;
}

/** What a hop does with a frame towards one of those to whom it would hand it. */
export interface Emission {
  /** The stack that owns the device when undefined. */
  readonly to: Hop | undefined;
  readonly result: Forwarding;
  /** The frame as it goes on, or would. */
  readonly frame: Frame;
}

/** To whom a hop hands a frame, and what its stack is handed that is no end of the way, that stack. */
export const nextOf = (
  model: Model,
  place: Place,
  from: Hop | undefined,
  frame: Frame,
): readonly (Hop | undefined)[] =>
  throughStack(model, place.hop, frame, neighboursFor(model, place, from, frame));

/** By the rule of its kind or by that of all devices, and by those of the devices on top of it. */
function neighboursFor(
  { world }: Model,
  place: Place,
  from: Hop | undefined,
  frame: Frame,
): readonly (Hop | undefined)[] {
  const next = rulesOf(place.hop.kind).next?.(place, from, frame, world) ?? onward(place, from);
  const { uppers, masters } = place;
  if (!from || uppers.length === 0 || includes(masters, from)) return next;
  if (includes(uppers, from))
    return (
      rulesOf(from.kind).leaves?.(place, from, frame, next) ?? [
        ...next,
        ...siblingsOf(from, uppers),
      ]
    );
  const owner = ownerOf(uppers, frame);
  const isAbove = (to: Hop | undefined): boolean =>
    to === undefined || includes(uppers, to) || includes(masters, to);
  return owner ? [...next.filter((to) => !isAbove(to)), owner] : next;
}

/** The other devices on a device that are handed what one of them sends. */
function siblingsOf(from: Hop, uppers: readonly Hop[]): readonly Hop[] {
  const rules = rulesOf(from.kind);
  return uppers.filter(
    ({ id, kind }) =>
      id !== from.id && rules.family !== undefined && rulesOf(kind).family === rules.family,
  );
}

/** The device whose a frame is that comes to a device: that one's, or one's on top of it. */
export const takerOf = ({ graph }: Model, device: Hop, frame: Frame): Hop =>
  ownerOf(graph.place(device.id).uppers, frame) ?? device;

/** The upper device that a frame is for alone. Tags are looked at before all else (net/core/dev.c: vlan_do_receive). */
function ownerOf(uppers: readonly Hop[], frame: Frame): Hop | undefined {
  const claiming = uppers.filter((upper) => rulesOf(upper.kind).claims?.(upper, frame));
  return claiming.find(({ settings }) => settings.tag) ?? claiming[0];
}

/** What becomes of a frame between two hops: what the one lets pass, the other takes in its own way. */
export function passing(model: Model, crossing: Crossing, frame: Frame): Forwarding {
  const { hop, to } = crossing;
  const handed = handedOn(model, crossing, frame);
  const left = leaving(model, handed ? { ...crossing, to: undefined } : crossing, frame);
  const result = afterwards(left, handed?.result);
  if (result.action === 'drop' || !to) return result;
  return afterwards(result, rulesOf(to.kind).takes?.(to, hop, result.frame ?? frame, model.world));
}

/** What a hop does by the rules of its kind, by the packet filters of the stack that it is in, and by what impairs it. */
function leaving(model: Model, crossing: Crossing, frame: Frame): Forwarding {
  const { world } = model;
  const rules = rulesOf(crossing.hop.kind);
  const own = rules.forward(crossing, frame, world);
  const result = handing(
    crossing,
    frame,
    own.action === 'pass' ? (unsent(model, crossing) ?? own) : own,
  );
  if (result.action === 'drop') return result;
  const filtering = world.filters.get(crossing.hop.stack);
  const fate =
    filtering && filtered(world.filters, deviceSights(crossing, frame, rules, filtering));
  const left = fate && (fate.action === 'drop' || result.action === 'pass') ? fate : result;
  return afterwards(left, impaired(world.impairments, crossing));
}

/** What a stack sends by a device without carrier is thrown away before any capture sees it. */
function unsent({ graph, world }: Model, { hop, from, to }: Crossing): Forwarding | undefined {
  if (from || !to) return undefined;
  const { path, prediction } = carrierOf(graph, hop.id, world.bundles);
  if (prediction.outcome !== 'drop') return undefined;
  const { reason, remedy, at } = prediction;
  const lost = at === path.length - 1 ? reason : `${hop.label} has no carrier: ${reason}`;
  return drop(
    lost,
    remedy,
    'Linux net/sched/sch_generic.c: dev_deactivate leaves the noop queue; net/core/dev.c: netif_stacked_transfer_operstate',
  );
}

/** What becomes of a frame that a device hands to one on top of it. */
function handing({ place, from, to }: Crossing, frame: Frame, result: Forwarding): Forwarding {
  if (result.action !== 'pass' || !from || !to || !includes(place.uppers, to)) return result;
  return rulesOf(to.kind).fromLower?.(place, from, to, frame) ?? result;
}

/** What a hop does with a frame: where it goes on, as what, with what chance, or why not. Pure but for the world. */
export function emit(model: Model, arrival: Arrival): readonly Emission[] {
  const { hop, frame } = arrival;
  const place = model.graph.place(hop.id);
  const from = enteredFrom(place, arrival.from, frame);
  return nextOf(model, place, from, frame).flatMap((to): readonly Emission[] => {
    const crossing = { hop, place, from, to };
    const blocked = model.world.blocked(hop, from, to);
    if (blocked?.action === 'drop') return [{ to, result: blocked, frame: blocked.frame ?? frame }];
    const first = passing(model, crossing, frame);
    const also = rulesOf(hop.kind).also?.(crossing, frame, model.world) ?? [];
    return [first, ...also.map((copy): Forwarding => ({ action: 'pass', frame: copy }))].map(
      (one) => {
        const result = blocked ? afterwards(blocked, one) : one;
        return { to, result, frame: result.frame ?? frame };
      },
    );
  });
}
