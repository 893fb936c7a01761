import { requireHost } from '../apply/doctor/index.js';
import { readFacts, type FactsOptions } from '../apply/facts.js';
import { up, type UpOptions, type UpResult } from '../apply/up.js';
import type { PlanFacts } from '../links/define.js';
import { linkHops } from '../plan/link-hops.js';
import { planLab, requirementsBeyond } from '../plan/plan.js';
import type { Plan } from '../plan/step.js';
import { wire, type Wiring } from '../plan/wire.js';
import type { Lab } from '../topology/lab.js';

/** A lab with all that is known of it before it is built. */
export interface Planned {
  readonly lab: Lab;
  readonly facts: PlanFacts;
  readonly plan: Plan;
  readonly wiring: Wiring;
}

/** Plan a lab for this machine. */
export async function planHere(lab: Lab, options: FactsOptions): Promise<Planned> {
  const facts = await readFacts(lab, options);
  const wiring = wire(lab, facts);
  return { lab, facts, wiring, plan: planLab(lab, facts, wiring) };
}

export interface BuildOptions extends Pick<UpOptions, 'signal' | 'onEvent' | 'anew' | 'dryRun'> {
  /** Boot every guest, rather than start it from a stored state. */
  readonly cold?: boolean;
  /** Told how many milliseconds it took to check this machine. */
  readonly onChecked?: (ms: number) => void;
}

/**
 * Build a lab that is planned, or change one that is up, once this machine was found to have what it needs.
 * @throws PatchlabError as `up` does, and `host/lacks`
 */
export const buildPlanned = (
  { lab, facts, plan, wiring }: Planned,
  { cold = false, onChecked, ...options }: BuildOptions = {},
): Promise<UpResult> =>
  up(lab, plan, {
    ...options,
    warm: cold ? undefined : facts,
    extra: { hops: linkHops(lab, wiring) },
    async beforeBuild(before) {
      const begin = performance.now();
      // What a lab that is up has taken already is not asked for again.
      const wanted = requirementsBeyond(before?.requirements ?? [], plan.requirements);
      await requireHost(wanted, { signal: options.signal });
      onChecked?.(performance.now() - begin);
    },
  });
