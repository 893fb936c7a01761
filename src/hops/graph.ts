import type { Hop, HopEdge, HopFragment } from './types.js';

/** Id of the hop of a device. */
export const hopId = (stack: string, device: string): string => `${stack} ${device}`;

/** All devices of a lab and which hand frames to which. */
export interface HopGraph {
  readonly hops: ReadonlyMap<string, Hop>;
  readonly neighbours: ReadonlyMap<string, readonly string[]>;
  /** The hops of each stack. */
  readonly stacks: ReadonlyMap<string, readonly Hop[]>;
}

/** Join what nodes, devices and links contribute. */
export function joinFragments(fragments: readonly HopFragment[]): HopGraph {
  const hops = new Map<string, Hop>();
  const neighbours = new Map<string, string[]>();
  const connect = ([a, b]: HopEdge): void => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = neighbours.get(from);
      if (list) list.push(to);
      else neighbours.set(from, [to]);
    }
  };
  for (const fragment of fragments) {
    for (const hop of fragment.hops) hops.set(hop.id, hop);
    fragment.edges.forEach(connect);
  }
  for (const [id, settings] of fragments.flatMap(({ amends }) => Object.entries(amends ?? {}))) {
    const hop = hops.get(id);
    if (!hop) throw new RangeError(`${id} is no hop and cannot be amended`);
    hops.set(id, { ...hop, settings: { ...hop.settings, ...settings } });
  }
  const stacks = new Map<string, Hop[]>();
  for (const hop of hops.values()) {
    const stack = stacks.get(hop.stack);
    if (stack) stack.push(hop);
    else stacks.set(hop.stack, [hop]);
  }
  return { hops, neighbours, stacks };
}

/**
 * The devices that a frame crosses from one to the other, both included, by the shortest way; none when
 * they are not joined at layer 2.
 */
export function pathBetween(graph: HopGraph, from: string, to: string): readonly Hop[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let id = queue.shift(); id !== undefined && !cameFrom.has(to); id = queue.shift()) {
    for (const next of graph.neighbours.get(id) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  if (!cameFrom.has(to)) return undefined;
  const ids: string[] = [];
  for (let id: string | undefined = to; id !== undefined; id = cameFrom.get(id)) ids.unshift(id);
  return ids.map((id) => {
    const hop = graph.hops.get(id);
    if (!hop) throw new RangeError(`an edge leads to ${id}, which is no hop`);
    return hop;
  });
}
