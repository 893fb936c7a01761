import type { Model } from '../hops/emit.js';
import { learn } from '../hops/find-way.js';
import type { HopGraph } from '../hops/graph.js';
import { rulesOf } from '../hops/kinds/index.js';
import { remembering } from '../hops/model.js';
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

/** The ends of a lab that a check does not cross. */
export function bystandersOf(lab: Lab, graph: HopGraph, hops: readonly Hop[]): readonly Hop[] {
  const own = new Set(hops.map(({ id }) => id));
  return lab.nodes
    .flatMap(({ stacks }) => stacks.flatMap(({ id }) => graph.stacks.get(id) ?? []))
    .filter((hop) => !own.has(hop.id) && isEnd(graph, hop));
}

/** The devices that the model has hear a frame, whoever else does; none for a question, which is for all. */
const hearersOf = (model: Model, { from, frame, isQuestion }: Leg): readonly Hop[] =>
  isQuestion === true || !model.graph.hops.has(from.id)
    ? []
    : deliveriesOf(walk(model, from, frame)).map(({ device }) => device);

/** Those of some bystanders that hear frames sent one after the other: what switches learn from one counts for the next. */
export function overhearing(
  model: Model,
  courses: readonly (readonly Leg[])[],
  bystanders: readonly Hop[],
): readonly Hop[] {
  if (bystanders.length === 0) return bystanders;
  const heard = courses.flatMap((legs) => {
    const conversation = remembering(model);
    return legs.flatMap((leg) => {
      const hearers = hearersOf(conversation, leg);
      learn(conversation, leg);
      return hearers;
    });
  });
  const ids = new Set(heard.map(({ id }) => id));
  return bystanders.filter(({ id }) => ids.has(id));
}
