import type { HopGraph } from '../../hops/graph.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { Hop } from '../../hops/types.js';
import { waysOf } from '../../probes/prepare.js';
import type { ReportCase } from '../result.js';

/** The wires of a drawing: which two devices hand frames to each other, and what the checks say of it. */

/** How a wire is drawn: `none` where no check looked at it, `plain` where there were no checks at all. */
export type WireState = 'pass' | 'fail' | 'warn' | 'none' | 'plain';

/** What matters most comes first. */
const WEIGHT: readonly WireState[] = ['fail', 'warn', 'pass', 'none', 'plain'];

/** The state that matters most; `plain` of no states. */
export const worst = (states: readonly WireState[]): WireState =>
  WEIGHT.find((state) => states.includes(state)) ?? 'plain';

/** One name for a wire, whichever end is named first. */
export const edgeKey = (a: string, b: string): string => [a, b].sort().join('\n');

const isCarrier = (hop: Hop | undefined): boolean =>
  hop !== undefined && rulesOf(hop.kind).isCarrier === true;

/** The wires of a path, by their keys. From one device of a tunnel to the other leads one as well. */
export function edgesOf(path: readonly Hop[]): readonly string[] {
  const key = (from: number, to: number): string =>
    edgeKey(path[from]?.id ?? '', path[to]?.id ?? '');
  const ends = path.flatMap((hop, at) => (isCarrier(hop) ? [at] : []));
  const tunnels = ends.flatMap((at, index) => {
    const other = ends[index + 1];
    return index % 2 === 1 || other === undefined ? [] : [key(at - 1, other + 1)];
  });
  return [...path.slice(1).map((_, index) => key(index, index + 1)), ...tunnels];
}

/** What the checks that cross a wire say of it. */
export function wireStates(cases: readonly ReportCase[]): ReadonlyMap<string, WireState> {
  const states = new Map<string, WireState>();
  for (const { verdict, check } of cases) {
    const { outcome, surprise } = verdict;
    const state =
      outcome === 'fail' ? 'fail' : outcome === 'pass' && surprise === null ? 'pass' : 'warn';
    for (const key of (check ? waysOf(check) : []).flatMap(({ path }) => edgesOf(path)))
      states.set(key, worst([state, states.get(key) ?? 'plain']));
  }
  return states;
}

/**
 * Every wire once, directed away from one end of the longest way that there is, so that a cable is drawn from left
 * to right through all that it crosses. Of the two ends it is the one that the lab has first.
 */
export function orientedEdges(graph: HopGraph): readonly (readonly [from: string, to: string])[] {
  const order = [...graph.hops.values()].filter((hop) => !isCarrier(hop)).map(({ id }) => id);
  const seen = new Set<string>();
  const edges = new Map<string, readonly [string, string]>();
  for (const hop of order) {
    if (seen.has(hop)) continue;
    const one = farthest(graph, hop);
    const other = farthest(graph, one);
    const root = order.indexOf(one) < order.indexOf(other) ? one : other;
    for (const id of breadthFirst(graph, root)) {
      seen.add(id);
      for (const next of neighboursOf(graph, id)) {
        const key = edgeKey(id, next);
        if (!edges.has(key)) edges.set(key, [id, next]);
      }
    }
  }
  return [...edges.values()];
}

/** The devices next to one; a tunnel is drawn as a wire between its two devices. */
function neighboursOf({ neighbours, hops }: HopGraph, id: string): readonly string[] {
  const nextTo = (one: string): readonly string[] => neighbours.get(one) ?? [];
  const isEnd = (one: string): boolean => isCarrier(hops.get(one));
  return nextTo(id).flatMap((next) =>
    isEnd(next)
      ? nextTo(next)
          .filter(isEnd)
          .flatMap((far) => nextTo(far).filter((device) => !isEnd(device)))
      : [next],
  );
}

const farthest = (graph: HopGraph, from: string): string =>
  breadthFirst(graph, from).at(-1) ?? from;

/** All hops that are joined to one, the nearest first. */
function breadthFirst(graph: HopGraph, from: string): readonly string[] {
  const found = new Set([from]);
  // A set hands out what is added to it on the way.
  for (const id of found) for (const next of neighboursOf(graph, id)) found.add(next);
  return [...found];
}
