import { existsSync } from 'node:fs';
import { PatchlabError } from '../errors.js';
import { guestStarter } from '../guests/starter.js';
import type { PlanFacts } from '../links/define.js';
import type { Plan } from '../plan/step.js';
import type { Lab } from '../topology/lab.js';
import { bootId } from './boot-id.js';
import { differencesIn, lookAt } from './status.js';
import { timed, type OnEvent } from './events.js';
import { demandFree } from './free.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory } from './inventory.js';
import { openJournal, readJournal } from './journal.js';
import { memoryOf, ownership } from './ownership.js';
import { applyPlan, libvirtExecutors } from './run.js';
import { withHosts, withLab } from './session.js';
import {
  digestOf,
  labFiles,
  setState,
  storeLab,
  type LabExtra,
  type Stored,
  type BuildState,
} from './state.js';
import { teardown } from './teardown.js';
import { teardownError } from './teardown-error.js';

export interface UpOptions {
  /** Breaks the building off; what was built is removed again. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
  readonly concurrency?: number | undefined;
  /** Run once it is certain that something will be built, before anything is touched: the check of the host. An error of it ends the matter. */
  readonly beforeBuild?: (() => Promise<void>) | undefined;
  /** Facts of the host, by which guests start from the stored states of others; without them every guest boots. */
  readonly warm?: PlanFacts | undefined;
  /** Stored with the lab, for `status` and other tools. */
  readonly extra?: LabExtra | undefined;
}

export interface UpResult {
  /** False where the lab was up already, whole and from the same plan. */
  readonly changed: boolean;
  /** What is not as the file has it, though it was built so: somebody has changed it since. */
  readonly differs?: readonly string[];
}

/**
 * Build a lab. Where that fails or is broken off, what was built is removed again.
 * @throws PatchlabError `lab/differs`, `lab/busy`, `apply/taken`, `apply/step`, `apply/aborted`; the
 *   errors of the removal are in `others`
 */
export function up(lab: Lab, plan: Plan, options: UpOptions = {}): Promise<UpResult> {
  return withLab(lab.name, (stored) =>
    withHosts(plan, async (hosts) => {
      if (stored && (await isWhole(stored, plan, hosts)))
        return unchanged(differencesIn(await lookAt(stored, hosts)));
      if (stored) await clear(lab.name, stored.state, options);
      else if (existsSync(labFiles(lab.name).dir)) await clear(lab.name, 'building', options);
      await options.beforeBuild?.();
      const { onEvent } = options;
      await timed('look for what is in the way', onEvent, () => demandFree(plan, hosts.libvirt));
      await timed('store the plan', onEvent, () => storeLab(lab, plan, options.extra ?? {}));
      try {
        await build(lab, plan, hosts, options);
      } catch (error) {
        throw await removeAfter(error, plan, hosts, options);
      }
      return { changed: true };
    }),
  );
}

const unchanged = (differs: readonly string[]): UpResult =>
  differs.length === 0 ? { changed: false } : { changed: false, differs };

/**
 * Is the lab up as the plan has it, with everything that it made?
 * @throws PatchlabError `lab/differs` where it is up, or a part of it, from another plan
 */
async function isWhole(stored: Stored, plan: Plan, hosts: LabHosts): Promise<boolean> {
  if (stored.state !== 'up') return false;
  const { there, missing } = await presence(stored.plan, hosts);
  if (stored.digest === digestOf(plan)) return missing === 0;
  if (there === 0) return false;
  throw new PatchlabError('lab/differs', {
    what: `Lab \`${plan.lab}\` is up, but from another version of its topology.`,
    fix: `Run \`patchlab down ${plan.lab}\` first, then \`patchlab up\` again.`,
  });
}

/** How many of the things that a plan makes are there, and how many are not, or are another's. */
async function presence(
  plan: Plan,
  hosts: LabHosts,
): Promise<{ readonly there: number; readonly missing: number }> {
  const owned = plan.steps.flatMap(({ owns }) => owns ?? []);
  const inventory = await readInventory(owned, hosts.libvirt);
  const memory = memoryOf(await readJournal(labFiles(plan.lab).journal), false);
  const ours = owned.filter((thing) => ownership(thing, plan.lab, inventory, memory) === 'ours');
  return { there: ours.length, missing: owned.length - ours.length };
}

/** Remove what is left of a lab that is half-built or partly gone. */
async function clear(name: string, state: BuildState, options: UpOptions): Promise<void> {
  const why = state === 'up' ? 'is partly gone' : 'was left half-built';
  options.onEvent?.({
    type: 'note',
    text: `Lab ${name} ${why}; what is left of it is removed, then it is built anew.`,
  });
  await withHosts({ domains: [] }, async (hosts) => {
    const result = await teardown(name, { ...options, hosts });
    const error = teardownError(result);
    if (error && !result.clean) throw error;
  });
}

async function build(lab: Lab, plan: Plan, hosts: LabHosts, options: UpOptions): Promise<void> {
  const executors = libvirtExecutors(hosts, guestStarter(lab, plan, { ...options, hosts }));
  const journal = await openJournal(labFiles(plan.lab).journal, plan.lab, {
    boot: await bootId(),
  });
  try {
    await applyPlan(plan, { ...options, hosts, journal, executors });
  } finally {
    await journal.close();
  }
  await setState(plan.lab, 'up');
}

/** Remove what was built, and give the error that was the reason, with what went wrong now. */
async function removeAfter(
  error: unknown,
  plan: Plan,
  hosts: LabHosts,
  options: UpOptions,
): Promise<unknown> {
  const { errors } = await teardown(plan.lab, { ...options, hosts });
  if (errors.length === 0 || !(error instanceof PatchlabError)) return error;
  return new PatchlabError(error.code, {
    what: error.what,
    ...(error.why !== undefined && { why: error.why }),
    fix: `${error.fix} Then run \`patchlab down ${plan.lab}\`: not everything could be removed.`,
    cause: error.cause,
    others: [...error.others, ...errors],
  });
}
