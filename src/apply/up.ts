import { existsSync } from 'node:fs';
import { PatchlabError } from '../errors.js';
import { guestStarter } from '../guests/starter.js';
import type { PlanFacts } from '../links/define.js';
import { difference, type Change } from '../plan/resources/difference.js';
import { isCommand } from '../plan/resources/kinds/command.js';
import { stepsOf } from '../plan/resources/steps.js';
import type { Plan, Step } from '../plan/step.js';
import { sameData } from '../same-data.js';
import type { Lab } from '../topology/lab.js';
import { bootId } from './boot-id.js';
import { changeLab } from './change.js';
import { differenceNow, everythingOf, missing, type Missing } from './drift.js';
import { strangersIn, unreadIn } from './status.js';
import { timed, type OnEvent } from './events.js';
import { demandFree } from './free.js';
import type { LabHosts } from './hosts/index.js';
import { openJournal } from './journal.js';
import { applySteps, libvirtExecutors } from './run.js';
import { withHosts, withLab } from './session.js';
import {
  labFiles,
  setState,
  storeChange,
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
  /**
   * Run once it is certain that something will be built, before anything is touched: the check of the host. An error of it ends the matter.
   * @param before - the plan of the lab that is up and will be changed; its own ports and memory are taken already
   */
  readonly beforeBuild?: ((before?: Plan) => Promise<void>) | undefined;
  /** Facts of the host, by which guests start from the stored states of others; without them every guest boots. */
  readonly warm?: PlanFacts | undefined;
  /** Ids of resources of a lab that is up that are made anew though nothing differs, with why. */
  readonly anew?: ReadonlyMap<string, string> | undefined;
  /** Only tell what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Stored with the lab, for `status` and other tools. */
  readonly extra?: LabExtra | undefined;
}

export interface UpResult {
  /** False where the lab was up already, whole and from the same plan. */
  readonly changed: boolean;
  /** What was changed of a lab that was up, or would be; all else of it went on. */
  readonly changes?: readonly Change[];
  /** With `dryRun`: there is no such lab yet, or it would be built anew. */
  readonly isNew?: boolean;
  /** What is there and not in the file: somebody has added it, and it is left alone. */
  readonly differs?: readonly string[];
}

/**
 * Build a lab, or change one that is up to what its file has now. Where building fails or is broken off, what was built is
 * removed again; where changing does, what was changed is changed back.
 * @throws PatchlabError `host/silent`, `lab/differs`, `lab/busy`, `apply/taken`, `apply/step`, `apply/aborted`; the
 *   errors of the removal are in `others`
 */
export function up(lab: Lab, plan: Plan, options: UpOptions = {}): Promise<UpResult> {
  return withLab(lab.name, (stored) =>
    withHosts(plan, async (hosts) => {
      const standing = stored && (await whatStands(stored, hosts));
      if (stored && standing) {
        const { gone } = standing;
        const { resources } = plan;
        const { what, look } = await differenceNow(stored, resources, gone, hosts, options.anew);
        const { changes } = what;
        if (changes.length === 0) {
          const unread = unreadIn(everythingOf(stored), look);
          if (standing.isUnsure || unread.length > 0) throw notSeen(lab.name, unread);
          // What is nowhere on the host, such as checks and names of links, may be another still.
          const { extra = {} } = options;
          const isStored = sameData([stored.lab, stored.plan, stored.extra], [lab, plan, extra]);
          if (!options.dryRun && !isStored) await storeChange(stored, lab, plan, extra);
          return unchanged(strangersIn(stored, look));
        }
        demandKnown(stored);
        if (options.dryRun) return { changed: false, changes };
        await options.beforeBuild?.(stored.plan);
        await changeLab({ stored, lab, plan, what }, hosts, options);
        return { changed: true, changes };
      }
      if (options.dryRun)
        return { changed: false, isNew: true, changes: difference([], plan.resources).changes };
      if (stored) await clear(lab.name, stored.state, options);
      else if (existsSync(labFiles(lab.name).dir)) await clear(lab.name, 'building', options);
      await options.beforeBuild?.();
      const { onEvent } = options;
      const steps = stepsOf(plan.resources);
      await timed('look for what is in the way', onEvent, () =>
        demandFree({ lab: lab.name, steps }, hosts.libvirt),
      );
      await timed('store the plan', onEvent, () => storeLab(lab, plan, options.extra ?? {}));
      try {
        await build({ lab, plan, steps }, hosts, options);
      } catch (error) {
        throw await removeAfter(error, plan, hosts, options);
      }
      return { changed: true };
    }),
  );
}

const unchanged = (differs: readonly string[]): UpResult =>
  differs.length === 0 ? { changed: false } : { changed: false, differs };

/** Whether a lab is whole nobody can tell. */
const notSeen = (lab: string, unread: readonly string[]): PatchlabError =>
  new PatchlabError('host/silent', {
    what: `Whether lab \`${lab}\` is as its file says could not be found out.`,
    why: unread.join('; ') || 'A daemon that knows of its things does not answer.',
  });

/** @throws PatchlabError `lab/differs` for a lab that an older version of patchlab has built */
function demandKnown({ plan }: Stored): void {
  if (!plan.resources.some(isCommand)) return;
  throw new PatchlabError('lab/differs', {
    what: `Lab \`${plan.lab}\` is up, but from another version of its topology.`,
    why: 'an older version of patchlab has built it, which did not write down how it can be changed',
    fix: `Run \`patchlab down ${plan.lab}\` first, then \`patchlab up\` again.`,
  });
}

/** What stands, and is gone, of a lab that is up; nothing where it is to be built anew, because it was left half-built, the machine was booted since, or all of it is gone. */
async function whatStands(stored: Stored, hosts: LabHosts): Promise<Missing | undefined> {
  if (stored.state !== 'up' || stored.boot !== (await bootId())) return undefined;
  const found = await missing(stored, hosts);
  const { gone, all } = found;
  const isKnown = gone.size === 0 || !stored.plan.resources.some(isCommand);
  return isKnown && (all === 0 || gone.size < all) ? found : undefined;
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

async function build(
  { lab, plan, steps }: { lab: Lab; plan: Plan; steps: readonly Step[] },
  hosts: LabHosts,
  options: UpOptions,
): Promise<void> {
  const executors = libvirtExecutors(hosts, guestStarter(lab, plan, { ...options, hosts }));
  const journal = await openJournal(labFiles(plan.lab).journal, plan.lab, {
    boot: await bootId(),
  });
  try {
    await applySteps(lab.name, steps, { ...options, hosts, journal, executors });
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
