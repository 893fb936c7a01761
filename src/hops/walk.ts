import { copyKey, type Frame } from '../frames/frame.js';
import { emit, type Arrival, type Model } from './emit.js';
import { rulesOf } from './kinds/index.js';
import type { Way } from './predict.js';
import { byChance, PASSES } from './prediction.js';
import type { Cause, Hop } from './types.js';

/** What becomes of a frame: the tree of all hops that it comes to, and how its branches end. */

/** What decides whether a frame goes on. */
export interface Chance extends Cause {
  /** How likely it goes on, 0 to 1; nothing where nobody knows. */
  readonly probability: number | undefined;
}

/**
 * How a branch ends at a hop. `delivery`: the stack that owns the device takes the frame. `drop`: the hop does not hand it
 * on. `nobody`: there is no one to hand it to. `copy`: another copy of the frame has been there already, by the same
 * neighbour. `loop`: so it is, and from there the frame goes round for ever.
 */
export type WalkEnd =
  | { readonly end: 'delivery'; readonly chance: Chance | undefined }
  | {
      readonly end: 'drop';
      /** To whom the hop would have handed it; the stack that owns the device when undefined. */
      readonly to: Hop | undefined;
      readonly cause: Cause;
    }
  | { readonly end: 'nobody' }
  | { readonly end: 'copy' | 'loop'; readonly to: Hop; readonly chance: Chance | undefined };

/** A frame at a hop: as it is there, whom it comes from, and where it goes on. */
export interface WalkNode extends Arrival {
  /** What decides whether it comes here; nothing where that is certain. */
  readonly chance: Chance | undefined;
  /** Where it comes next. */
  readonly children: readonly WalkNode[];
  /** The branches that end here. */
  readonly ends: readonly WalkEnd[];
}

interface Growing extends WalkNode {
  readonly children: Growing[];
  readonly ends: WalkEnd[];
}

/** A frame that comes to a hop where a copy of it has been. */
interface Return {
  readonly at: Growing;
  readonly to: Growing;
  readonly chance: Chance | undefined;
}

const keyOf = ({ hop, from, frame }: Arrival): string =>
  `${hop.id}\0${from?.id}\0${copyKey(frame)}`;

const leaf = (hop: Hop, from: Hop | undefined, frame: Frame, chance?: Chance): Growing => ({
  hop,
  from,
  frame,
  chance,
  children: [],
  ends: [],
});

/**
 * Let a frame go from a device wherever hops hand it: floods, learnt ports, upper devices. Each hop is entered once from
 * each neighbour with each tag, by the shortest way, so a ring is gone round once. Pure.
 */
export function walk(model: Model, from: Hop, frame: Frame): WalkNode {
  const root = leaf(from, undefined, frame);
  const nodes = [root];
  const known = new Map([[keyOf(root), root]]);
  const returns: Return[] = [];
  const isSecond = copiesOf();
  const unsure = new Set<Growing>();
  // A list that grows while it is walked.
  for (const at of nodes) {
    const emissions = emit(model, at);
    if (emissions.length === 0) at.ends.push({ end: 'nobody' });
    for (const { to, result, frame: next } of emissions) {
      if (result.action === 'drop') {
        at.ends.push({ end: 'drop', to, cause: result });
        continue;
      }
      const chance = result.action === 'chance' ? result : undefined;
      const isUnsure = chance !== undefined || unsure.has(at);
      const second = isSecond(at, to, isUnsure);
      if (second) {
        at.ends.push({ end: 'drop', to, cause: second });
        continue;
      }
      if (!to) {
        at.ends.push({ end: 'delivery', chance });
        continue;
      }
      const child = leaf(to, at.hop, next, chance);
      const key = keyOf(child);
      const before = known.get(key);
      if (before) {
        returns.push({ at, to: before, chance });
        continue;
      }
      known.set(key, child);
      at.children.push(child);
      nodes.push(child);
      if (isUnsure) unsure.add(child);
    }
  }
  endReturns(nodes, returns);
  return root;
}

/** Tells of a frame that a hop is to hand on why it does not: it has surely handed on another copy. */
function copiesOf(): (at: Arrival, to: Hop | undefined, isUnsure: boolean) => Cause | undefined {
  const handed = new Set<string>();
  return ({ hop, frame }, to, isUnsure) => {
    const once = rulesOf(hop.kind).once?.(hop, frame, to);
    if (!once) return undefined;
    const key = [hop.id, to?.id, once.key].join('\0');
    if (handed.has(key)) return once;
    if (!isUnsure) handed.add(key);
    return undefined;
  };
}

/** What comes back to where it can go round from is a loop, anything else a copy. */
function endReturns(nodes: readonly Growing[], returns: readonly Return[]): void {
  if (returns.length === 0) return;
  const finite = finiteOf(nodes, returns);
  for (const { at, to, chance } of returns)
    at.ends.push({ end: finite.has(to) ? 'copy' : 'loop', to: to.hop, chance });
}

/** The nodes from which every way ends: those without a way on, then those all of whose ways lead to such. */
function finiteOf(nodes: readonly Growing[], returns: readonly Return[]): ReadonlySet<WalkNode> {
  const before = new Map<Growing, Growing[]>(nodes.map((node) => [node, []]));
  const open = new Map<Growing, number>(nodes.map((node) => [node, node.children.length]));
  for (const at of nodes) for (const child of at.children) before.get(child)?.push(at);
  for (const { at, to } of returns) {
    before.get(to)?.push(at);
    open.set(at, (open.get(at) ?? 0) + 1);
  }
  const finite = nodes.filter((node) => open.get(node) === 0);
  // A list that grows while it is walked.
  for (const node of finite) {
    for (const at of before.get(node) ?? []) {
      const left = (open.get(at) ?? 0) - 1;
      open.set(at, left);
      if (left === 0) finite.push(at);
    }
  }
  return new Set(finite);
}

/** A node of a walk with those before it. */
interface Step {
  readonly node: WalkNode;
  readonly before: Step | undefined;
}

/** All nodes of a walk, the nearest first. */
function stepsOf(root: WalkNode): readonly Step[] {
  const steps: Step[] = [{ node: root, before: undefined }];
  // A list that grows while it is walked.
  for (const before of steps) for (const node of before.node.children) steps.push({ node, before });
  return steps;
}

/** All nodes of a walk, the nearest first. */
export const nodesOf = (root: WalkNode): readonly WalkNode[] =>
  stepsOf(root).map(({ node }) => node);

/** A device whose stack takes a frame. */
export interface Delivery {
  readonly device: Hop;
  /** The way that it took, with the frame as it is at each hop. Where chance decides on it, its prediction says so. */
  readonly way: Way;
}

/** All devices whose stacks take the frame of a walk, the nearest first. */
export function deliveriesOf(root: WalkNode): readonly Delivery[] {
  const deliveries: Delivery[] = [];
  for (const step of stepsOf(root))
    for (const end of step.node.ends)
      if (end.end === 'delivery')
        deliveries.push({ device: step.node.hop, way: wayTo(step, end.chance) });
  return deliveries;
}

/** @param last - what decides at the end whether the stack takes it */
function wayTo(end: Step, last: Chance | undefined): Way {
  const nodes: WalkNode[] = [];
  for (let at: Step | undefined = end; at; at = at.before) nodes.push(at.node);
  nodes.reverse();
  let prediction = last ? byChance(last, nodes.length - 1, PASSES) : PASSES;
  // Chance that decides whether a frame comes to a hop decides at the hop before.
  for (let at = nodes.length - 1; at > 0; at -= 1) {
    const chance = nodes[at]?.chance;
    if (chance) prediction = byChance(chance, at - 1, prediction);
  }
  return {
    path: nodes.map(({ hop }) => hop),
    frames: nodes.map(({ frame }) => frame),
    prediction,
  };
}

/** Let devices remember what has come to them on a walk, but those that let nothing of it through. */
export function teach({ world }: Model, root: WalkNode): void {
  for (const { hop, from, frame, children, ends } of nodesOf(root)) {
    const isStopped = children.length === 0 && ends.every(({ end }) => end === 'drop');
    if (from && !isStopped) rulesOf(hop.kind).learns?.(hop, from, frame, world.memory, world);
  }
}
