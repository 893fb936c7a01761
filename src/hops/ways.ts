import { joinFragments, pathBetween, type HopGraph } from './graph.js';
import type { Hop, HopFragment } from './types.js';

/**
 * Ways through the hops of a lab that a shortest path alone does not give: over one link only, and from one
 * device to all others.
 */

/** The hops of one link alone, with those of its ends. */
export const linkGraph = (link: HopFragment, ends: readonly Hop[]): HopGraph =>
  joinFragments([{ hops: ends, edges: [] }, link]);

/**
 * The way between two ports over the devices of one link, also where a shorter one leads elsewhere.
 * @param ends - hops of the link's ports
 * @returns the hops as the link has them, by the indexes of two ends; none where the link does not join them
 */
export function waysOver(
  link: HopFragment,
  ends: readonly Hop[],
): (a: number, b: number) => readonly Hop[] | undefined {
  const graph = linkGraph(link, ends);
  return (a, b) => pathBetween(graph, ends[a]?.id ?? '', ends[b]?.id ?? '');
}

/**
 * The shortest way from a device to each other one. What a port of a link sends goes out over the link, and what it
 * hears comes in over it: never by the stack that the port is in.
 * @param isPort - is the hop a port at which a link ends?
 */
export function waysFrom(
  graph: HopGraph,
  from: Hop,
  isPort: (id: string) => boolean,
): (to: Hop) => readonly Hop[] | undefined {
  const inside = (port: string, next: string): boolean =>
    isPort(port) && graph.hops.get(port)?.stack === graph.hops.get(next)?.stack;
  const cameFrom = new Map<string, string | undefined>([[from.id, undefined]]);
  const queue = [from.id];
  // A list that grows while it is walked.
  for (const id of queue) {
    for (const next of graph.neighbours.get(id) ?? []) {
      if (cameFrom.has(next) || (id === from.id && inside(id, next))) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return (to) => {
    const before = cameFrom.get(to.id);
    if (before === undefined || inside(to.id, before)) return undefined;
    const path: Hop[] = [];
    for (let id: string | undefined = to.id; id !== undefined; id = cameFrom.get(id)) {
      const hop = graph.hops.get(id);
      if (hop) path.push(hop);
    }
    return path.reverse();
  };
}
