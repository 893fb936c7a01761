import { PatchlabError } from '../errors.js';
import { guestStarter } from '../guests/starter.js';
import { difference, type Difference } from '../plan/resources/difference.js';
import type { Resource } from '../plan/resources/define.js';
import { comesAlong, makeSteps, ownedBy, removeSteps, thingsOf } from '../plan/resources/steps.js';
import type { Plan, Step } from '../plan/step.js';
import { batchesOf } from '../plan/tools/batches.js';
import type { Lab } from '../topology/lab.js';
import { bootId } from './boot-id.js';
import { execute, stepFailed } from './execute.js';
import { demandFree } from './free.js';
import type { LabHosts } from './hosts/index.js';
import { openJournal, type Journal } from './journal.js';
import { applyPlan, libvirtExecutors, unlessBrokenOff } from './run.js';
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
  await demandFree({ ...plan, steps: notReplaced(what) }, hosts.libvirt, known);
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
  await applyPlan(
    { ...plan, steps: what.making },
    { ...options, hosts, executors, journal: noted },
  );
}

/** Remove what may be there or not. */
async function sweep(steps: readonly Step[], hosts: LabHosts): Promise<void> {
  const executors = libvirtExecutors(hosts);
  await schedule(batchesOf(steps, 'undo'), { phase: 'remove' }, async (bundle, signal) => {
    await execute(bundle, { hosts, executors, signal, keepGoing: true });
  });
}

/** Make a lab again what it was before a change that ended midway. Of what was begun and did not end it is not known how far it came: it goes first. */
async function takeBack({ stored, plan, what }: LabChange, doing: Doing): Promise<void> {
  const { hosts, course } = doing;
  const unsure = plan.resources.filter(
    (one) => makeSteps(one).some(({ id }) => course.begun.has(id)) && !isMade(one, what, course),
  );
  const steps = unsure.toReversed().flatMap((one) => removeSteps(one) ?? []);
  const halfRemoved = what.removal.filter(({ id }) => course.begun.has(id) && !course.done.has(id));
  await sweep([...halfRemoved, ...steps], hosts);
  const now = reached(stored.plan.resources, plan.resources, what, course);
  const back = difference(now, stored.plan.resources);
  const fresh: Course = { begun: new Set(), done: new Set() };
  await run({ ...stored, what: back }, { ...doing, course: fresh });
}

/** Have all steps ended that make it? What comes along with another is made with that. */
function isMade(one: Resource | undefined, what: Difference, course: Course): boolean {
  if (!one) return false;
  const { making, changes } = what;
  const { done } = course;
  const fresh = changes.flatMap(({ how, wanted }) => (wanted && how !== 'change' ? [wanted] : []));
  const home = fresh.find((other) => comesAlong(one, thingsOf([other])));
  if (home) return isMade(home, what, course);
  const ids = new Set(makeSteps(one).map(({ id }) => id));
  return making.every(({ id }) => !ids.has(id) || done.has(id));
}

/** What a lab consists of when a change was broken off. */
function reached(
  before: readonly Resource[],
  after: readonly Resource[],
  what: Difference,
  course: Course,
): readonly Resource[] {
  const { changes } = what;
  const { begun } = course;
  const gone = removedOf(before, begun);
  const byId = new Map(before.map((one) => [one.id, one]));
  for (const { how, old, wanted } of changes) {
    const id = (wanted ?? old)?.id ?? '';
    const isThere = how === 'change' ? begun.has(`change ${id}`) : isMade(wanted, what, course);
    if (isThere && wanted) byId.set(id, wanted);
    else if (how === 'create' || gone.has(id)) byId.delete(id);
  }
  const order = new Map([...before, ...after].map(({ id }, index) => [id, index]));
  return [...byId.values()].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

/** Ids of the resources that went by steps which have begun, and of what was in or on them. */
function removedOf(resources: readonly Resource[], begun: ReadonlySet<string>): Set<string> {
  const gone = new Set<string>();
  for (let before = -1; before < gone.size;) {
    before = gone.size;
    const things = thingsOf(resources.filter(({ id }) => gone.has(id)));
    for (const one of resources)
      if (one.in.some((at) => things.has(at)) || removeSteps(one)?.some(({ id }) => begun.has(id)))
        gone.add(one.id);
  }
  return gone;
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
