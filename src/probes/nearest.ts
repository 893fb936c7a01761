import { pathBetween, type HopGraph } from '../hops/graph.js';
import type { Hop } from '../hops/types.js';

/** The two devices with the shortest way between them, of those that two references can stand for; the references where none leads. */
export function nearest(graph: HopGraph, from: string, to: string): readonly [string, string] {
  const candidates = (ref: string): readonly Hop[] => {
    const [stack = '', device] = ref.split(':');
    const hops = graph.stacks.get(stack) ?? [];
    return device === undefined ? hops : hops.filter((hop) => hop.device === device);
  };
  const pairs = candidates(from).flatMap((a) =>
    candidates(to).flatMap((b) => {
      const path = pathBetween(graph, a.id, b.id);
      return path && a.id !== b.id ? [{ a, b, length: path.length }] : [];
    }),
  );
  const [best] = pairs.toSorted((left, right) => left.length - right.length);
  if (!best) return [from, to];
  return [`${best.a.stack}:${best.a.device}`, `${best.b.stack}:${best.b.device}`];
}
