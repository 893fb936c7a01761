import type { Model } from '../hops/emit.js';
import type { HopGraph } from '../hops/graph.js';
import { rulesOf } from '../hops/kinds/index.js';
import type { Hop } from '../hops/types.js';
import { deliveriesOf, walk } from '../hops/walk.js';
import type { Lab } from '../topology/lab.js';
import type { Leg } from './define.js';

/** Who is not to hear a frame. */

/** A device of a node that is no switch and no port of one: what comes to it comes to an end of the lab. */
function isEnd(graph: HopGraph, hop: Hop): boolean {
  const { masters, ports, uppers, peers, lowers } = graph.place(hop.id);
  const { noDevice, down } = hop.settings;
  if (masters.length + ports.length + uppers.length > 0 || noDevice === true || down === true)
    return false;
  const from = [...peers, ...lowers][0];
  return from !== undefined && rulesOf(hop.kind).observable({ hop, from, to: undefined });
}

/** The ends of a lab that are on none of some ways. */
export function bystandersOf(
  lab: Lab,
  graph: HopGraph,
  ways: readonly (readonly Hop[])[],
): readonly Hop[] {
  const own = new Set(ways.flat().map(({ id }) => id));
  return lab.nodes
    .flatMap(({ stacks }) => stacks.flatMap(({ id }) => graph.stacks.get(id) ?? []))
    .filter((hop) => !own.has(hop.id) && isEnd(graph, hop));
}

/** The devices that the model has hear a frame, whoever else does; none for a question, which is for all. */
export const hearersOf = (model: Model, { from, frame, isQuestion }: Leg): readonly Hop[] =>
  isQuestion === true || !model.graph.hops.has(from.id)
    ? []
    : deliveriesOf(walk(model, from, frame)).map(({ device }) => device);
