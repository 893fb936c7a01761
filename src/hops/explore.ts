import type { Frame } from '../frames/frame.js';
import { emit, type Arrival, type Model } from './emit.js';
import type { Way } from './predict.js';
import type { Cause, Hop } from './types.js';

/** Everywhere that a frame gets to. */

/** A device whose stack takes a frame. */
interface Delivery {
  readonly device: Hop;
  /** The way that it took, with the frame as it is at each hop. */
  readonly way: Way;
}

/** A place where a branch of the way ends. */
interface Ending {
  readonly way: Way;
  readonly at: Hop;
  /** To whom the hop would have handed it; the stack that owns the device when undefined. */
  readonly to: Hop | undefined;
  readonly cause: Cause;
}

export interface Reach {
  /** The nearest first. Where chance decides on the way, its prediction says so. */
  readonly deliveries: readonly Delivery[];
  readonly drops: readonly Ending[];
  /** Every hop that it comes to, whatever becomes of it there. */
  readonly visits: readonly Arrival[];
}

interface Visit extends Arrival {
  readonly before: Visit | undefined;
  /** What chance may have done to it on the way here. */
  readonly luck:
    (Cause & { readonly at: number; readonly probability: number | undefined }) | undefined;
}

const depthOf = (visit: Visit): number => (visit.before ? depthOf(visit.before) + 1 : 0);

const keyOf = ({ hop, from, frame }: Arrival): string =>
  [hop.id, from?.id, ...frame.vlans.map(({ id }) => id)].join('\0');

function wayTo(end: Visit): Way {
  const visits: Visit[] = [];
  for (let at: Visit | undefined = end; at; at = at.before) visits.unshift(at);
  const { luck } = end;
  return {
    path: visits.map(({ hop }) => hop),
    frames: visits.map(({ frame }) => frame),
    prediction: luck
      ? { outcome: 'random', ...luck, rest: { outcome: 'pass' } }
      : { outcome: 'pass' },
  };
}

/** Let a frame go from a device wherever hops hand it: floods, learnt ports, upper devices. A ring is gone round once. Pure. */
export function explore(model: Model, from: Hop, frame: Frame): Reach {
  const deliveries: Delivery[] = [];
  const drops: Ending[] = [];
  const seen = new Set<string>();
  const visits: Visit[] = [
    { hop: from, from: undefined, frame, before: undefined, luck: undefined },
  ];
  // A list that grows while it is walked.
  for (const visit of visits) {
    const key = keyOf(visit);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const { to, result, frame: next } of emit(model, visit)) {
      if (result.action === 'drop') {
        drops.push({ way: wayTo(visit), at: visit.hop, to, cause: result });
        continue;
      }
      const luck =
        visit.luck ?? (result.action === 'chance' ? { ...result, at: depthOf(visit) } : undefined);
      if (to) visits.push({ hop: to, from: visit.hop, frame: next, before: visit, luck });
      else deliveries.push({ device: visit.hop, way: wayTo({ ...visit, luck }) });
    }
  }
  return { deliveries, drops, visits };
}
