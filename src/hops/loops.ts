import { frameOf } from '../frames/make.js';
import { copyKey, customerTag, type Frame } from '../frames/frame.js';
import { emit, type Model } from './emit.js';
import { rulesOf } from './kinds/index.js';
import type { Forwarding, Hop } from './types.js';
import { NEW_WORLD } from './world.js';

/** Rings on which a broadcast goes round for ever, since nothing on them drops it. */

/** The hops of a ring, in the order in which the frame meets them. */
export interface Loop {
  readonly hops: readonly Hop[];
  /** VLAN in which it goes round; none where it has no tag. */
  readonly vlan: number | undefined;
}

interface Visit {
  readonly hop: Hop;
  readonly from: Hop | undefined;
  readonly frame: Frame;
}

const keyOf = ({ hop, from, frame }: Visit): string =>
  [hop.id, from?.id, copyKey(frame)].join('\0');

/** Of what nobody can know, as what a controller decides, no ring is made that is certain. */
const mayEnd = (result: Forwarding): boolean =>
  result.action === 'drop' || (result.action === 'chance' && result.probability === undefined);

/** A filter that takes one broadcast lets others go round. */
const unfiltered = (model: Model): Model => ({
  ...model,
  world: { ...model.world, filters: NEW_WORLD.filters },
});

/**
 * Find rings: send a broadcast from every device from which there is more than one way, in each VLAN of the lab, and see
 * whether it comes by where it has been. Rings of the same hops are told once. Pure.
 */
export function findLoops(filtered: Model): readonly Loop[] {
  const model = unfiltered(filtered);
  const { graph } = model;
  const done = new Set<string>();
  const loops = new Map<string, Loop>();
  const starts = [...graph.hops.values()].filter(({ id }) => graph.hasDetours(id));
  const vlans = new Set(starts.flatMap((hop) => rulesOf(hop.kind).vlans?.(hop) ?? []));
  for (const hop of starts) {
    const end = { mac: hop.settings.mac ?? '' };
    const frame = frameOf('arp-request', { from: end, to: end });
    const frames = [frame, ...[...vlans].map((id) => ({ ...frame, vlans: [customerTag(id)] }))];
    for (const sent of frames) follow(model, { hop, from: undefined, frame: sent }, done, loops);
  }
  return [...loops.values()];
}

/** Depth first, without recursion: a lab may have long ways. */
function follow(model: Model, start: Visit, done: Set<string>, loops: Map<string, Loop>): void {
  const onWay = new Map<string, number>();
  const way: { readonly visit: Visit; readonly next: Visit[] }[] = [];
  const enter = (visit: Visit): void => {
    const key = keyOf(visit);
    const since = onWay.get(key);
    if (since !== undefined) {
      keep(
        way.slice(since).map((at) => at.visit),
        loops,
      );
      return;
    }
    if (done.has(key)) return;
    onWay.set(key, way.length);
    const next = emit(model, visit).flatMap(({ to, result, frame }): Visit[] =>
      to && !mayEnd(result) ? [{ hop: to, from: visit.hop, frame }] : [],
    );
    way.push({ visit, next });
  };
  enter(start);
  for (let top = way.at(-1); top; top = way.at(-1)) {
    const visit = top.next.pop();
    if (visit) {
      enter(visit);
      continue;
    }
    way.pop();
    const key = keyOf(top.visit);
    onWay.delete(key);
    done.add(key);
  }
}

function keep(visits: readonly Visit[], loops: Map<string, Loop>): void {
  const hops = visits.map(({ hop }) => hop);
  const key = [...new Set(hops.map(({ id }) => id))].sort().join('\0');
  if (!loops.has(key)) loops.set(key, { hops, vlan: visits[0]?.frame.vlans[0]?.id });
}
