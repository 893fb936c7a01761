import type { Stored } from '../apply/state.js';
import type { PlanFacts } from '../links/define.js';
import { planHere, type Planned } from '../library/build.js';
import type { Lab } from '../topology/lab.js';
import { asBuilt } from '../topology/live.js';
import type { Source } from '../topology/source.js';
import type { Located } from '../topology/topology-error.js';
import type { Context } from './define.js';
import { demandSame } from './difference.js';
import { modelFacts } from '../apply/model-facts.js';
import { isFile } from '../topology/load-labs.js';
import { demandBuilt, meantBy, storedFor, storedLab } from './target.js';

/** What `--in-guest` says in every command that takes it. */
export const inGuestOption = {
  'in-guest': {
    type: 'boolean',
    describe:
      'Let a guest hold the whole lab: nothing of it is on this machine, and the kernel is the one of the guest',
  },
} as const;

/** A topology, planned for this host. */
export interface PlannedLab extends Planned {
  /** What holds in the file, and is mostly a slip; it has been said. */
  readonly warnings: readonly Located[];
  /** The file, unless the lab was named. */
  readonly source: Source | undefined;
}

/** A lab that is up, and what the user's file says of it. */
export interface UpLab {
  readonly stored: Stored;
  /** The lab as the file has it; as it is stored where the user gave its name. */
  readonly lab: Lab;
  /** What the model has to know of this machine. */
  readonly facts: PlanFacts;
}

/**
 * A lab that is up, by its name or by its file. A file gives the checks, and must be what was built.
 * @throws PatchlabError `lab/unknown`, `lab/differs`, `lab/half-built`
 */
export async function upLab(target: string, context: Context): Promise<UpLab> {
  if (!isFile(target)) {
    const stored = await storedLab(target);
    demandBuilt(stored);
    return { lab: stored.lab, stored, facts: await modelFacts(stored.lab, context) };
  }
  // What is cut or impaired is not in the file, and no reason to build it anew.
  const asItIs = async (lab: Lab) => asBuilt(lab, (await storedFor(target, lab.name)).lab);
  const { lab, plan, facts } = await planFor(target, context, { prepare: false, asItIs });
  const stored = await storedFor(target, lab.name);
  demandBuilt(stored);
  demandSame(stored, lab, plan, target);
  return { lab, stored, facts };
}

interface PlanForOptions {
  /** May images be built and accelerators tried for it? A plan that is only shown does neither. */
  readonly prepare: boolean;
  /** A guest is to hold the lab. */
  readonly inGuest?: boolean;
  /** What of the lab is otherwise than its target has it. */
  readonly asItIs?: (lab: Lab) => Lab | Promise<Lab>;
}

/** Read a topology and plan it. */
export async function planFor(
  target: string,
  context: Context,
  { prepare, inGuest = false, asItIs = (lab) => lab }: PlanForOptions,
): Promise<PlannedLab> {
  const { lab: meant, warnings, source } = await meantBy(target, context, inGuest);
  const lab = await asItIs(meant);
  const planned = await planHere(lab, {
    prepare,
    signal: context.signal,
    onProgress: (line) => context.say(line),
    source,
  });
  return { ...planned, warnings, source };
}
