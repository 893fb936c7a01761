import type { Model } from '../hops/emit.js';
import { remembering } from '../hops/model.js';
import { certainDrop } from '../hops/predict.js';
import { teach, walk, type WalkNode } from '../hops/walk.js';
import type { Leg } from './define.js';
import type { PreparedCheck } from './prepare.js';

/** A leg of a check with all that becomes of its frame. */
export interface LegWalk {
  readonly leg: Leg;
  readonly root: WalkNode;
}

/**
 * Let the frames of a check walk one after the other: what devices learn from one counts for the next. What comes behind
 * a frame that is lost is never sent. Pure.
 */
export function walksOf({ legs }: PreparedCheck, model: Model): readonly LegWalk[] {
  const conversation = remembering(model);
  const walks: LegWalk[] = [];
  for (const leg of legs) {
    const root = walkOf(knowing(conversation, leg), leg);
    walks.push({ leg, root });
    if (certainDrop(leg.prediction)) break;
    teach(conversation, root);
  }
  return walks;
}

/** Labels of devices that answer as well: the first answer counts, and it is not known whose that is. */
export function rivalsOf({ legs, probe }: PreparedCheck): readonly string[] {
  const speaking = new Set(legs.map(({ from }) => from.label));
  const others = probe.courses.flat().filter(({ from }) => !speaking.has(from.label));
  return [...new Set(others.map(({ from }) => from.label))];
}

/** Who is in a group is known from where its members have said so. */
const knowing = (model: Model, { memory }: Leg): Model =>
  memory ? { ...model, world: { ...model.world, memory } } : model;

/** A way may begin at the stack that sends the frame: it decides whether anything is sent at all. */
function walkOf(model: Model, { path, from, frame, prediction }: Leg): WalkNode {
  const [first, next] = path;
  if (!first || model.graph.hops.has(first.id)) return walk(model, from, frame);
  const start = { hop: first, from: undefined, frame, chance: undefined };
  if (prediction.outcome === 'drop' && prediction.at === 0)
    return { ...start, children: [], ends: [{ end: 'drop', to: next, cause: prediction }] };
  const chance = prediction.outcome === 'random' && prediction.at === 0 ? prediction : undefined;
  return { ...start, children: [{ ...walk(model, from, frame), chance }], ends: [] };
}
