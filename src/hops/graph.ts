import { groupBy } from '../group-by.js';
import { isRecord } from '../is-record.js';
import { once } from '../once.js';
import { rulesOf } from './kinds/index.js';
import type { Hop, HopEdge, HopFragment, HopSettings, Place } from './types.js';

/** Id of the hop of a device. */
export const hopId = (stack: string, device: string): string => `${stack} ${device}`;

/** All devices of a lab and which hand frames to which. */
export interface HopGraph {
  readonly hops: ReadonlyMap<string, Hop>;
  readonly edges: readonly HopEdge[];
  /** The hops next to each, in whatever role. */
  readonly neighbours: ReadonlyMap<string, readonly string[]>;
  /** The devices of each stack. */
  readonly stacks: ReadonlyMap<string, readonly Hop[]>;
  /** A hop among those around it. */
  place(id: string): Place;
  /** Can a frame come from a hop to another one by more than one way: over a ring, back from a port that reflects, or in packets? */
  hasDetours(id: string): boolean;
  /** Does anything lead from one hop to the other? */
  isJoined(a: string, b: string): boolean;
}

/** Join what nodes, devices and links contribute. */
export function joinFragments(fragments: readonly HopFragment[]): HopGraph {
  const hops = new Map<string, Hop>();
  for (const fragment of fragments) for (const hop of fragment.hops) hops.set(hop.id, hop);
  for (const [id, settings] of fragments.flatMap(({ amends }) => Object.entries(amends ?? {}))) {
    const hop = hops.get(id);
    if (!hop) throw new RangeError(`${id} is no hop and cannot be amended`);
    hops.set(id, { ...hop, settings: merge(hop.settings, settings) });
  }
  const edges = fragments.flatMap((fragment) => fragment.edges);
  // An end of a tunnel is in a stack, and no device of it.
  const devices = () => [...hops.values()].filter(({ kind }) => rulesOf(kind).isCarrier !== true);
  const stacks = once(() => groupBy(devices(), ({ stack }) => stack));
  const neighbours = once(() => neighboursIn(edges));
  const { hasDetours, isJoined } = partsIn(hops, edges);
  return {
    hops,
    edges,
    get stacks() {
      return stacks();
    },
    get neighbours() {
      return neighbours();
    },
    place: placesIn(hops, edges),
    hasDetours,
    isJoined,
  };
}

/** The same graph with other hops of the same ids in the place of some. */
export const replaceHops = ({ hops, edges }: HopGraph, others: readonly Hop[]): HopGraph =>
  joinFragments([{ hops: [...hops.values(), ...others], edges }]);

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** What is set last counts, but records (a bridge's ports by their ids) are merged. */
function merge(settings: HopSettings, more: HopSettings): HopSettings {
  const merged: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(more) as [string, unknown][]) {
    const was = merged[name];
    merged[name] = isRecord(was) && isRecord(value) ? { ...was, ...value } : value;
  }
  return merged;
}

function neighboursIn(edges: readonly HopEdge[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  for (const { a, b } of edges) {
    append(neighbours, a, b);
    append(neighbours, b, a);
  }
  return neighbours;
}

/** The part that each end of an edge plays for the other. */
const PARTS = {
  wire: ['peers', 'peers'],
  lower: ['lowers', 'uppers'],
  port: ['masters', 'ports'],
} as const;

type Part = (typeof PARTS)[keyof typeof PARTS][number];
type Growing = { readonly hop: Hop } & Record<Part, Hop[]>;

const NOBODY: Hop[] = [];

/** Most hops have one neighbour: a list that grows keeps room for more. */
function join(place: Growing, part: Part, { hop }: Growing): void {
  if (place[part].length === 0) place[part] = [hop];
  else place[part].push(hop);
}

function hopIn(hops: ReadonlyMap<string, Hop>, id: string): Hop {
  const hop = hops.get(id);
  if (!hop) throw new RangeError(`an edge leads to ${id}, which is no hop`);
  return hop;
}

function placesIn(
  hops: ReadonlyMap<string, Hop>,
  edges: readonly HopEdge[],
): (id: string) => Place {
  const places = new Map<string, Growing>();
  const placeOf = (id: string): Growing => {
    const known = places.get(id);
    if (known) return known;
    const hop = hopIn(hops, id);
    const place: Growing = {
      hop,
      peers: NOBODY,
      uppers: NOBODY,
      lowers: NOBODY,
      masters: NOBODY,
      ports: NOBODY,
    };
    places.set(id, place);
    return place;
  };
  const read = once(() => {
    for (const { role, a, b } of edges) {
      join(placeOf(a), PARTS[role][0], placeOf(b));
      join(placeOf(b), PARTS[role][1], placeOf(a));
    }
  });
  return (id) => {
    read();
    return placeOf(id);
  };
}

/** In a part of the graph that is a tree there is one way between two hops: its edges are one less than its hops. */
function partsIn(
  hops: ReadonlyMap<string, Hop>,
  edges: readonly HopEdge[],
): Pick<HopGraph, 'hasDetours' | 'isJoined'> {
  const above = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let up = above.get(root); up !== undefined; up = above.get(root)) root = up;
    if (root !== id) above.set(id, root);
    return root;
  };
  const withDetours = new Set<string>();
  const read = once(() => {
    for (const { a, b } of edges) {
      const [from, to] = [rootOf(a), rootOf(b)];
      if (from === to) withDetours.add(to);
      else above.set(from, to);
      if (withDetours.has(from)) withDetours.add(to);
    }
    for (const hop of hops.values()) {
      const rules = rulesOf(hop.kind);
      if (rules.isCarrier === true || rules.sendsBack?.(hop) === true)
        withDetours.add(rootOf(hop.id));
    }
  });
  return {
    hasDetours(id) {
      read();
      return withDetours.has(rootOf(id));
    },
    isJoined(a, b) {
      read();
      return rootOf(a) === rootOf(b);
    },
  };
}

/**
 * The devices from one to the other, both included, by the fewest edges; none when they are not joined at layer 2.
 */
export function pathBetween(graph: HopGraph, from: string, to: string): readonly Hop[] | undefined {
  // One cable: by far the most paths of a large lab.
  if (graph.neighbours.get(from)?.includes(to) === true)
    return [hopIn(graph.hops, from), hopIn(graph.hops, to)];
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  // A list that grows while it is walked.
  for (const id of queue) {
    if (cameFrom.has(to)) break;
    for (const next of graph.neighbours.get(id) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  if (!cameFrom.has(to)) return undefined;
  const path: Hop[] = [];
  for (let id: string | undefined = to; id !== undefined; id = cameFrom.get(id))
    path.push(hopIn(graph.hops, id));
  // A list that has grown keeps room for more; there are many paths, and they stay.
  return path.toReversed();
}
