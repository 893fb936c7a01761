import { ringProblems } from '../plan/rings.js';
import type { Wiring } from '../plan/wire.js';
import { fixOf } from '../topology/problem.js';
import type { Source } from '../topology/source.js';
import { formatProblem, type Located } from '../topology/topology-error.js';
import type { Context } from './define.js';

/** Say where a broadcast would go round for ever; what is said, for machines. */
export function tellRings(
  wiring: Wiring,
  source: Source | undefined,
  context: Context,
): readonly Located[] {
  return ringProblems(wiring).map((problem) => {
    const { path, what, why = '' } = problem;
    const position = source?.locate(problem);
    const told = { path, what, why, fix: fixOf(problem), ...(position && { position }) };
    context.say(source ? formatProblem(source, told) : `warning: ${what}\n  fix: ${told.fix}`);
    return told;
  });
}
