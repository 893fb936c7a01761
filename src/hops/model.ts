import { bundlesIn } from './bundles.js';
import { hasCarrier } from './carrier.js';
import type { Model } from './emit.js';
import type { HopGraph } from './graph.js';
import { queriersIn } from './queriers.js';
import type { SpanningTree } from './port-roles.js';
import { spanningTree } from './spanning-tree.js';
import { blockedBy } from './tree-blocks.js';
import { createMemory, NEW_WORLD, type World } from './world.js';

/** The hops of a lab, what spanning tree has decided, and nothing learnt yet. */
export interface LabModel extends Model {
  readonly tree: SpanningTree;
  /** The same lab with these of its links cut, and no others. */
  whenCut(links: readonly string[]): LabModel;
}

/** Let spanning trees and bonds settle in a lab. Pure. */
export function modelOf(
  graph: HopGraph,
  around: Pick<World, 'filters' | 'underlay' | 'impairments'> = NEW_WORLD,
  whenCut?: LabModel['whenCut'],
): LabModel {
  const tree = spanningTree(graph);
  const [blocked, bundles] = [blockedBy(tree, graph), bundlesIn(graph)];
  const settled: World = {
    ...{ ...NEW_WORLD, ...around, blocked, bundles },
    hasCarrier: (id) => hasCarrier(graph, id, bundles),
  };
  const world = { ...settled, queriers: queriersIn({ graph, world: settled }) };
  const model: LabModel = { graph, tree, world, whenCut: whenCut ?? (() => model) };
  return model;
}

/** The same lab, in which devices remember what they hear. */
export const remembering = (model: Model): Model => ({
  ...model,
  world: { ...model.world, memory: createMemory() } satisfies World,
});
