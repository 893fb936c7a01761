import type { Frame } from '../frames/frame.js';
import type { Model } from '../hops/emit.js';
import { findWay } from '../hops/find-way.js';
import type { Way } from '../hops/predict.js';
import type { Problem } from '../topology/problem.js';
import type { Endpoint, ProbeEnds } from './define.js';

/** The one device that an end of a probe stands for, which must be named where its stack has several. */
export function singleEnd(
  ends: ProbeEnds,
  side: 'from' | 'to' | 'at',
  what: string,
): Endpoint | Problem {
  const candidates = ends[side === 'at' ? 'to' : side];
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  return {
    code: 'topology/which-device',
    path: [side],
    what: `${what} one device, and this stack has several.`,
    fix: `name it: ${candidates.map(({ stack, device }) => `\`${stack.id}:${device}\``).join(', ')}`,
  };
}

/** The way of a frame from one device to another, which layer 2 alone decides; a problem where none leads there. */
export const wayOf = (model: Model, from: Endpoint, to: Endpoint, frame: Frame): Way | Problem =>
  findWay(model, from.hop, to.hop, frame) ?? {
    code: 'topology/no-path',
    path: ['to'],
    what: `No layer-2 path leads from ${from.hop.label} to ${to.hop.label}.`,
  };
