import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { readFacts } from '../apply/facts.js';
import type { PlanFacts } from '../links/define.js';
import { planLab } from '../plan/plan.js';
import type { Plan } from '../plan/step.js';
import { wire, type Wiring } from '../plan/wire.js';
import { loadTopology } from '../topology/load.js';
import type { Lab } from '../topology/lab.js';
import { formatProblem, type Located } from '../topology/topology-error.js';
import type { Context } from './define.js';

/** A topology file, planned for this host. */
export interface PlannedLab {
  readonly lab: Lab;
  readonly facts: PlanFacts;
  readonly wiring: Wiring;
  readonly plan: Plan;
  /** What holds in the file, and is mostly a slip; it has been said. */
  readonly warnings: readonly Located[];
}

/** Does the user mean a file rather than the name of a lab that is up? */
export const isFile = (target: string): boolean =>
  target.includes('/') || extname(target) !== '' || existsSync(target);

/**
 * Read a topology and plan it.
 * @param prepare - may images be built and accelerators tried for it? A plan that is only shown does neither.
 */
export async function planFile(
  file: string,
  context: Context,
  prepare: boolean,
): Promise<PlannedLab> {
  const { lab, source, warnings } = await loadTopology(file);
  for (const warning of warnings) context.say(formatProblem(source, warning));
  const facts = await readFacts(lab, {
    prepare,
    signal: context.signal,
    onProgress: (line) => context.say(line),
  });
  const wiring = wire(lab, facts);
  return { lab, facts, wiring, plan: planLab(lab, facts, wiring), warnings };
}
