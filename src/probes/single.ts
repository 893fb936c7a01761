import type { Problem } from '../topology/problem.js';
import type { Endpoint, ProbeEnds } from './define.js';

/** The one device that an end of a probe stands for, which must be named where its stack has several. */
export function singleEnd(ends: ProbeEnds, side: 'from' | 'to', what: string): Endpoint | Problem {
  const candidates = ends[side];
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  return {
    code: 'topology/which-device',
    path: [side],
    what: `${what} one device, and this stack has several.`,
    fix: `name it: ${candidates.map(({ stack, device }) => `\`${stack.id}:${device}\``).join(', ')}`,
  };
}
