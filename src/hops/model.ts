import { bundlesIn } from './bundles.js';
import type { Model } from './emit.js';
import type { HopGraph } from './graph.js';
import { blockedBy, spanningTree, type SpanningTree } from './spanning-tree.js';
import { createMemory, NEW_WORLD, type World } from './world.js';

/** The hops of a lab, what spanning tree has decided, and nothing learnt yet. */
export interface LabModel extends Model {
  readonly tree: SpanningTree;
}

/** Let spanning trees and bonds settle in a lab. Pure. */
export function modelOf(
  graph: HopGraph,
  { filters, underlay }: Pick<World, 'filters' | 'underlay'> = NEW_WORLD,
): LabModel {
  const tree = spanningTree(graph);
  const [blocked, bundles] = [blockedBy(tree, graph), bundlesIn(graph)];
  return { graph, tree, world: { ...NEW_WORLD, blocked, bundles, filters, underlay } };
}

/** The same lab, in which devices remember what they hear. */
export const remembering = (model: Model): Model => ({
  ...model,
  world: { ...model.world, memory: createMemory() } satisfies World,
});
