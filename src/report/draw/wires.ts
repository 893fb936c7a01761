import type { HopGraph } from '../../hops/graph.js';
import type { Hop } from '../../hops/types.js';
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

/** The wires of a path, by their keys. */
export const edgesOf = (path: readonly Hop[]): readonly string[] =>
  path.slice(1).map(({ id }, index) => edgeKey(path[index]?.id ?? '', id));

/** What the checks that cross a wire say of it. */
export function wireStates(cases: readonly ReportCase[]): ReadonlyMap<string, WireState> {
  const states = new Map<string, WireState>();
  for (const { verdict, check } of cases) {
    const { outcome, surprise } = verdict;
    const state =
      outcome === 'fail' ? 'fail' : outcome === 'pass' && surprise === null ? 'pass' : 'warn';
    for (const key of edgesOf(check?.path ?? []))
      states.set(key, worst([state, states.get(key) ?? 'plain']));
  }
  return states;
}

/**
 * Every wire once, directed away from where the longest check begins, so that a cable is drawn from left to
 * right through all that it crosses.
 */
export function orientedEdges(
  graph: HopGraph,
  cases: readonly ReportCase[],
): readonly (readonly [from: string, to: string])[] {
  const paths = cases.map(({ check }) => check?.path ?? []);
  const start = paths.reduce((best, path) => (path.length > best.length ? path : best), [])[0]?.id;
  const seen = new Set<string>();
  const edges = new Map<string, readonly [string, string]>();
  const first = start === undefined ? [] : [start];
  for (const root of [...first, ...graph.hops.keys()]) {
    if (seen.has(root)) continue;
    seen.add(root);
    const queue = [root];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      for (const next of graph.neighbours.get(id) ?? []) {
        const key = edgeKey(id, next);
        if (!edges.has(key)) edges.set(key, [id, next]);
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return [...edges.values()];
}
