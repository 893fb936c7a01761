import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PatchlabError } from '../errors.js';
import type { Owned, Step } from '../plan/step.js';
import { isOnMachine } from '../where.js';
import { batchesOf } from '../plan/tools/batches.js';
import type { Bundle } from '../plan/tools/bundles.js';
import { timed, type OnEvent } from './events.js';
import { execute, type Failure } from './execute.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory, type Inventory } from './inventory.js';
import { openJournal } from './journal.js';
import { isAmong, readQuickMarks } from './marks.js';
import { ownership, type Ownership } from './ownership.js';
import { libvirtExecutors } from './run.js';
import { schedule } from './schedule.js';
import { thingType } from './things/index.js';
import { scopeOf, scopeOfMarks, type Scope } from './scope.js';
import { labFiles, removeStored, setRemoving } from './state.js';
import { notOurs, notRemoved, notSeen, notUndone } from './teardown-error.js';

export interface TeardownOptions {
  readonly hosts: LabHosts;
  readonly onEvent?: OnEvent | undefined;
  readonly concurrency?: number | undefined;
}

export interface TeardownResult {
  /** Is everything gone that was the lab's? Then nothing is stored about it any more. */
  readonly clean: boolean;
  /** What could not be removed (`apply/left`), and what was left alone (`apply/foreign`). */
  readonly errors: readonly PatchlabError[];
}

/** Milliseconds until things that the kernel removes in its own time, such as the devices of a namespace, are gone. */
const SETTLE = 5_000;

/**
 * Take back everything that was made of a lab, last things first, the domains before all else. Only what carries the
 * lab's mark is removed. Errors do not end it. It can be run as often as one likes, after a crash at any point, after a
 * reboot, on a full disk, and where what is stored of the lab is damaged; the caller holds the lab's lock.
 */
export async function teardown(name: string, options: TeardownOptions): Promise<TeardownResult> {
  const { libvirt } = options.hosts;
  const scope = await scopeOf(name, libvirt);
  if (!scope.isCertain) options.onEvent?.({ type: 'note', text: uncertain(name, scope) });
  if (existsSync(labFiles(name).dir)) await setRemoving(name);
  const first = await take(name, scope, options);
  // What was made and written down nowhere: a line of the journal was lost, or a killed patchlab's program went on.
  const marks = await readQuickMarks(libvirt, name);
  const rest =
    marks.found.length === 0 ? undefined : await take(name, scopeOfMarks(marks), options);
  const left = [...first.left.filter((thing) => !isAmong(marks, thing)), ...(rest?.left ?? [])];
  const failures = [...first.failures, ...(rest?.failures ?? [])];

  // Neither domains nor tables outlive a reboot, whether what knows of them answers or not.
  const unseen = scope.owned.filter(
    (thing) =>
      first.whose.get(thing) === 'unknown' &&
      (scope.sameBoot || thingType(thing.type).endsWithBoot !== true),
  );
  const lost = failures.filter(({ steps }) =>
    steps.some((step) => !step.owns && scope.sameBoot && scope.done.has(step.id)),
  );
  const errors = [
    ...left.map((thing) => notRemoved(thing, failures)),
    ...unseen.map(notSeen),
    ...lost.map(notUndone),
  ];
  const clean = errors.length === 0;
  if (clean) await removeStored(name);
  const foreign = scope.owned.filter((thing) => first.whose.get(thing) === 'foreign').map(notOurs);
  return { clean, errors: [...errors, ...foreign] };
}

const uncertain = (name: string, { owned }: Scope): string =>
  `The journal of lab ${name} does not tell all; it is removed by its plan and by the marks on this host (${owned.length} things).`;

/** What came of taking things back. */
interface Taken {
  readonly whose: Look['whose'];
  readonly left: readonly Owned[];
  readonly failures: readonly Failure[];
}

async function take(
  name: string,
  { undos, owned, memory }: Pick<Scope, 'undos' | 'owned' | 'memory'>,
  options: TeardownOptions,
): Promise<Taken> {
  const look = async (things: readonly Owned[]): Promise<Look> => {
    const inventory = await readInventory(things, options.hosts.libvirt);
    const judge = (thing: Owned) => ownership(thing, name, inventory, memory);
    return { inventory, whose: new Map(things.map((thing) => [thing, judge(thing)])) };
  };
  const first = await timed('look what is there', options.onEvent, () => look(owned));
  const failures = [...(await undo(undos, first, name, options))];
  let left = await timed('look what is left', options.onEvent, () => whatIsLeft(owned, look));
  if (left.length > 0) {
    // Perhaps a program that outlived its killed patchlab has made it after the first look.
    const again = undos.filter((step) => step.owns && left.includes(step.owns));
    failures.push(...(await undo(again, await look(owned), name, options)));
    left = await whatIsLeft(left, look);
  }
  return { whose: first.whose, left, failures };
}

/** The host at one moment, and whose the things of the lab were then. */
interface Look {
  readonly inventory: Inventory;
  readonly whose: ReadonlyMap<Owned, Ownership>;
}

/** Is there anything to take back? What is inside a guest goes with the guest, what is in a namespace with that. */
function isDue({ where, owns }: Step, { inventory, whose }: Look): boolean {
  if (!isOnMachine(where)) return false;
  if (where.netns !== undefined && inventory.netns?.has(where.netns) !== true) return false;
  return owns === undefined || whose.get(owns) === 'ours';
}

async function undo(
  candidates: readonly Step[],
  look: Look,
  name: string,
  options: TeardownOptions,
): Promise<readonly Failure[]> {
  const steps = candidates.filter((step) => isDue(step, look));
  if (steps.length === 0) return [];
  // A removal is never broken off: it gets no signal from whoever calls.
  const { hosts, onEvent, concurrency } = options;
  const journal = await openUndoJournal(name);
  const failures: Failure[] = [];
  const run = async (bundle: Bundle, signal: AbortSignal): Promise<void> => {
    const executors = libvirtExecutors(hosts);
    const failed = await execute(bundle, { hosts, executors, signal, keepGoing: true });
    failures.push(...failed);
    const failedIds = new Set(failed.flatMap((failure) => failure.steps.map(({ id }) => id)));
    await journal?.undone(bundle.steps.map(({ id }) => id).filter((id) => !failedIds.has(id)));
  };
  const isDomain = (step: Step): boolean => step.do.tool === 'destroy-domain';
  try {
    for (const part of [steps.filter(isDomain), steps.filter((step) => !isDomain(step))])
      await schedule(batchesOf(part, 'undo'), { phase: 'remove', onEvent, concurrency }, run);
  } finally {
    await journal?.close();
  }
  return failures;
}

/** Where there is none any more, nobody would read it. */
const openUndoJournal = async (name: string) => {
  const { dir, journal } = labFiles(name);
  return existsSync(dir) ? openJournal(journal, name, { lossy: true }) : undefined;
};

/** What of the lab is still there, once the kernel has had its time to let it go. */
async function whatIsLeft(
  things: readonly Owned[],
  look: (things: readonly Owned[]) => Promise<Look>,
): Promise<readonly Owned[]> {
  const end = performance.now() + SETTLE;
  let left = things;
  for (let pause = 20; left.length > 0; pause = Math.min(2 * pause, 500)) {
    const { whose } = await look(left);
    left = left.filter((thing) => whose.get(thing) === 'ours');
    if (left.length === 0 || performance.now() > end) break;
    await sleep(pause);
  }
  return left;
}
