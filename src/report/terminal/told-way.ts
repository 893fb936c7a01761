import type { Frame } from '../../frames/frame.js';
import { certainDrop } from '../../hops/predict.js';
import type { Cause, Hop } from '../../hops/types.js';
import type { WalkEnd, WalkNode } from '../../hops/walk.js';
import type { LegWalk } from '../../probes/walks.js';
import { endsOf } from './branches.js';
import { frameText } from './frame-text.js';
import { byChance } from './text.js';
import type { TravelHop } from './travel.js';

/** What of a walk is told hop by hop. All that leaves it is a side branch. */
export interface ToldWay {
  /** The nodes of the walk on it. */
  readonly nodes: readonly WalkNode[];
  /** Its lines: it may go on where the frame does not. */
  readonly hops: readonly TravelHop[];
  /** How it ends, in sentences. */
  readonly ending: readonly string[];
  /** Why it ends so, and the hops that the reason names. */
  readonly why: { readonly cause: Cause; readonly at: readonly (Hop | undefined)[] } | undefined;
  /** Is an end of the walk the one that is told? */
  isTold(node: WalkNode, end: WalkEnd): boolean;
}

const line = (
  { label }: Hop,
  mark: string,
  frame: Frame | undefined,
  chance: { readonly probability: number | undefined } | undefined,
): TravelHop => ({
  ...{ mark, label, frame: frame ? frameText(frame) : null },
  notes: chance ? `  ${byChance(chance.probability)}` : '',
});

const doubt = (probability: number | undefined, place: string): string =>
  probability === undefined ? `It may die at ${place}.` : `It passes ${place} only by chance.`;

/** The way from a frame's start to where it is to arrive. `✓`: it goes on. `?`: it does by chance. `✗`: it does not. */
export function wayOf({ leg, root }: LegWalk): ToldWay {
  const { path, frames, prediction } = leg;
  const nodes = nodesOn(root, path);
  const lost = certainDrop(prediction);
  // What is asked of everybody goes on although nobody answers.
  const isUnanswered = lost !== undefined && nodes.length > lost.at + 1;
  const reach = isUnanswered ? nodes.length : (lost?.at ?? path.length);
  const chance = prediction.outcome === 'random' ? prediction : undefined;
  const marks = path.map((_, at) => (at >= reach ? '✗' : chance && at >= chance.at ? '?' : '✓'));
  const cause = prediction.outcome === 'pass' ? undefined : prediction;
  const label = (at: number): string => path[at]?.label ?? '';
  return {
    nodes,
    hops: path.map((hop, at) =>
      line(hop, marks[at] ?? '', frames[at], chance?.at === at ? chance : undefined),
    ),
    ending: [
      ...(chance ? [doubt(chance.probability, label(chance.at))] : []),
      ...(isUnanswered ? ['Nobody answers.'] : lost ? [`It dies at ${label(lost.at)}.`] : []),
      ...(cause ? [] : ['It arrives.']),
    ],
    why: cause && { cause, at: [path[cause.at], path[cause.at + 1]] },
    isTold: (node, end) =>
      node === nodes.at(-1) &&
      (end.end === 'delivery' || (end.end === 'drop' && end.to?.id === path[nodes.length]?.id)),
  };
}

function nodesOn(root: WalkNode, path: readonly Hop[]): readonly WalkNode[] {
  const nodes: WalkNode[] = [];
  let next: WalkNode | undefined = root.hop.id === path[0]?.id ? root : undefined;
  while (next) {
    nodes.push(next);
    const to = path[nodes.length];
    next = next.children.find(({ hop }) => hop.id === to?.id);
  }
  return nodes;
}

/** The way of a frame that is for everybody, as far as there is but one. */
export function trunkOf(root: WalkNode): ToldWay {
  const nodes = [root];
  for (let node = root; ;) {
    const [only, ...others] = node.children;
    if (!only || others.length > 0 || endsOf(node).length > 0) break;
    nodes.push(only);
    node = only;
  }
  const since = nodes.findIndex(({ chance }) => chance);
  return {
    nodes,
    hops: nodes.map(({ hop, frame }, at) =>
      line(hop, since !== -1 && at >= since ? '?' : '✓', frame, nodes[at + 1]?.chance),
    ),
    ending: [],
    why: undefined,
    isTold: () => false,
  };
}
