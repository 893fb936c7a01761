import { PatchlabError } from '../errors.js';
import { ringProblems } from '../plan/rings.js';
import type { Wiring } from '../plan/wire.js';
import type { Lab } from '../topology/lab.js';
import { fixOf } from '../topology/problem.js';
import type { Source } from '../topology/source.js';
import { formatProblem, TopologyError, type Located } from '../topology/topology-error.js';
import type { Context } from './define.js';

/** Refuse a lab in which a broadcast would go round for ever, unless its file allows it. @throws TopologyError */
export function demandNoRings(lab: Lab, wiring: Wiring, source: Source | undefined): void {
  if (lab.allowLoops) return;
  const problems = ringProblems(wiring);
  const [first] = problems;
  if (!first) return;
  if (source) throw new TopologyError(source, problems);
  const { what, why } = first;
  throw new PatchlabError('topology/loop', { what, ...(why && { why }), fix: fixOf(first) });
}

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
