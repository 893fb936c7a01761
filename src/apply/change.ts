import { PatchlabError } from '../errors.js';
import { guestStarter } from '../guests/starter.js';
import { difference, type Difference } from '../plan/resources/difference.js';
import type { Resource } from '../plan/resources/define.js';
import { thingsOf } from '../plan/resources/order.js';
import { makeSteps, ownedBy, removeSteps } from '../plan/resources/steps.js';
import type { Plan, Step } from '../plan/step.js';
import { batchesOf } from '../plan/tools/batches.js';
import type { Lab } from '../topology/lab.js';
import { bootId } from './boot-id.js';
import { execute, stepFailed } from './execute.js';
import { stillThere } from './drift.js';
import { demandFree } from './free.js';
import type { LabHosts } from './hosts/index.js';
import { openJournal, type Journal } from './journal.js';
import { applySteps, libvirtExecutors, unlessBrokenOff } from './run.js';
import { schedule } from './schedule.js';
import { labFiles, setState, storeChange, type Stored } from './state.js';
import type { UpOptions } from './up.js';

/** A lab that is up, and what it is to be. */
export interface LabChange {
  readonly stored: Stored;
  readonly lab: Lab;
  readonly plan: Plan;
  readonly what: Difference;
}

/**
 * Change a lab in place: only what differs is removed, changed and made. Where that fails or is broken off, what was done
 * is taken back, so that the lab is as it was.
 * @throws PatchlabError `apply/taken`, `apply/step`, `apply/aborted`; the errors of taking it back are in `others`
 */
export async function changeLab(
  { stored, lab, plan, what }: LabChange,
  hosts: LabHosts,
  options: UpOptions,
): Promise<void> {
  const known = what.changes.flatMap(({ old }) => (old ? ownedBy(old) : []));
  await demandFree({ lab: lab.name, steps: notReplaced(what) }, hosts.libvirt, known);
  await setState(lab.name, 'building');
  const journal = await openJournal(labFiles(lab.name).journal, lab.name, { boot: await bootId() });
  const course: Course = { begun: new Set(), done: new Set() };
  try {
    await run({ lab, plan, what }, { hosts, options, journal, course });
  } catch (error) {
    // Taking back is not broken off.
    const rest = { hosts, options: { ...options, signal: undefined }, journal };
    const failed = await takeBack({ stored, lab, plan, what }, { ...rest, course }).then(
      () => undefined,
      (again: unknown) => again,
    );
    if (failed === undefined) await setState(lab.name, 'up');
    throw tellBack(error, lab.name, failed);
  } finally {
    await journal.close();
  }
  await storeChange(stored, lab, plan, options.extra ?? {});
}

/** How far a change got: ids of steps. */
interface Course {
  readonly begun: Set<string>;
  readonly done: Set<string>;
}

interface Doing {
  readonly hosts: LabHosts;
  readonly options: UpOptions;
  readonly journal: Journal;
  readonly course: Course;
}

async function run(
  { lab, plan, what }: Omit<LabChange, 'stored'>,
  { hosts, options, journal, course }: Doing,
): Promise<void> {
  const executors = libvirtExecutors(hosts, guestStarter(lab, plan, { ...options, hosts }));
  const note = (steps: readonly Step[], set: Set<string>): void => {
    for (const { id } of steps) set.add(id);
  };
  await sweep(what.sweep, hosts);
  await unlessBrokenOff(lab.name, options.signal, () =>
    schedule(
      batchesOf(what.removal, 'undo'),
      { ...options, phase: 'remove' },
      async ({ steps, ...bundle }, signal) => {
        note(steps, course.begun);
        const [failure] = await execute(bundle, { hosts, executors, signal });
        if (failure) throw stepFailed(failure);
        note(steps, course.done);
      },
    ),
  );
  await journal.undone(what.undone);
  const noted: Pick<Journal, 'begin' | 'done'> = {
    begin(steps) {
      note(steps, course.begun);
      return journal.begin(steps);
    },
    done(steps) {
      note(steps, course.done);
      return journal.done(steps);
    },
  };
  await applySteps(lab.name, what.making, { ...options, hosts, executors, journal: noted });
}

/** Remove what may be there or not. */
async function sweep(steps: readonly Step[], hosts: LabHosts): Promise<void> {
  const executors = libvirtExecutors(hosts);
  await schedule(batchesOf(steps, 'undo'), { phase: 'remove' }, async (bundle, signal) => {
    await execute(bundle, { hosts, executors, signal, keepGoing: true });
  });
}

/** Make a lab again what it was before a change that ended midway. What was begun and did not end goes first; of the rest the host itself says how far it came. */
async function takeBack({ stored, plan, what }: LabChange, doing: Doing): Promise<void> {
  const { hosts, course } = doing;
  const hasBegun = (one: Resource): boolean =>
    makeSteps(one).some(({ id }) => course.begun.has(id));
  const unsure = plan.resources.filter(
    (one) => hasBegun(one) && makeSteps(one).some(({ id }) => !course.done.has(id)),
  );
  const steps = unsure.toReversed().flatMap((one) => removeSteps(one) ?? []);
  const halfRemoved = what.removal.filter(({ id }) => course.begun.has(id) && !course.done.has(id));
  await sweep([...halfRemoved, ...steps], hosts);
  const made = plan.resources.filter(
    (one) => hasBegun(one) || course.begun.has(`change ${one.id}`),
  );
  const left = stored.plan.resources.filter(
    (one) => !removeSteps(one)?.some(({ id }) => course.begun.has(id)),
  );
  // Of two versions the one that was made.
  const all = new Map([...left, ...made].map((one) => [one.id, one]));
  // What was in something that is gone by now is gone, too.
  const known = thingsOf([...stored.plan.resources, ...plan.resources]);
  const now = await stillThere({ ...stored.plan, resources: [...all.values()] }, known, hosts);
  const back = difference(now, stored.plan.resources);
  const fresh: Course = { begun: new Set(), done: new Set() };
  await run({ ...stored, what: back }, { ...doing, course: fresh });
}

/** The steps whose thing must not be there yet: not those that make again what is removed. Where something is gone, another may have its name by now. */
function notReplaced({ changes, making }: Difference): readonly Step[] {
  const goes = changes.flatMap(({ how, old }) =>
    old && (how === 'replace' || how === 'remove') ? ownedBy(old) : [],
  );
  const names = new Set(goes.map(({ type, name }) => `${type} ${name}`));
  return making.filter(({ owns }) => owns && !names.has(`${owns.type} ${owns.name}`));
}

/** The error that ended a change, with what became of the lab. */
function tellBack(error: unknown, name: string, failed: unknown): unknown {
  if (!(error instanceof PatchlabError)) return error;
  const others = failed instanceof PatchlabError ? [failed] : [];
  return new PatchlabError(error.code, {
    what: `${error.what} ${
      failed === undefined
        ? `Lab \`${name}\` is as it was before: what had been changed was changed back.`
        : `Lab \`${name}\` could not be changed back.`
    }`,
    ...(error.why !== undefined && { why: error.why }),
    fix:
      failed === undefined
        ? error.fix
        : `${error.fix} Then run \`patchlab down ${name}\` and \`patchlab up\`: it is neither as it was nor as the file has it.`,
    cause: error.cause,
    others: [...error.others, ...others],
  });
}
