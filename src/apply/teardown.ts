import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../errors.js';
import type { Owned, Step } from '../plan/step.js';
import { batchesOf } from '../plan/tools/batches.js';
import type { Bundle } from '../plan/tools/bundles.js';
import { timed, type OnEvent } from './events.js';
import { execute, type Failure } from './execute.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory, type Inventory } from './inventory.js';
import { openJournal, readJournal, undosOf } from './journal.js';
import { describeOwned, memoryOf, ownership, type Ownership } from './ownership.js';
import { bootId } from './boot-id.js';
import { libvirtExecutors } from './run.js';
import { schedule } from './schedule.js';
import { labFiles, readStored, removeStored, setState } from './state.js';

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

/** What a reboot takes away. */
const TRANSIENT: ReadonlySet<Owned['type']> = new Set(['domain', 'nft-table']);

/** Milliseconds until things that the kernel removes in its own time, such as the devices of a namespace, are gone. */
const SETTLE = 5_000;

/**
 * Take back everything that the journal of a lab shows as begun, last things first, the domains before
 * all else. Only what carries the lab's mark is removed. Errors do not end it. It can be run as often
 * as one likes, after a crash at any point and after a reboot; the caller holds the lab's lock.
 */
export async function teardown(name: string, options: TeardownOptions): Promise<TeardownResult> {
  const stored = await readStored(name);
  const state = await readJournal(labFiles(name).journal);
  const owned = state.begun.flatMap(({ owns }) => owns ?? []);
  const sameBoot = stored?.boot === (await bootId());
  const memory = memoryOf(state, sameBoot);
  const look = async (things: readonly Owned[]): Promise<Look> => {
    const inventory = await readInventory(things, options.hosts.libvirt);
    const judge = (thing: Owned) => ownership(thing, name, inventory, memory);
    return { inventory, whose: new Map(things.map((thing) => [thing, judge(thing)])) };
  };

  if (stored) await setState(name, 'removing');
  const first = await timed('look what is there', options.onEvent, () => look(owned));
  const failures = [...(await undo(undosOf(state), first, name, options))];
  let left = await timed('look what is left', options.onEvent, () => whatIsLeft(owned, look));
  if (left.length > 0) {
    // Perhaps a program that outlived its killed patchlab has made it after the first look.
    const again = undosOf(state).filter((step) => step.owns && left.includes(step.owns));
    failures.push(...(await undo(again, await look(owned), name, options)));
    left = await whatIsLeft(left, look);
  }

  // Neither domains nor tables outlive a reboot, whether what knows of them answers or not.
  const unseen = owned.filter(
    (thing) => first.whose.get(thing) === 'unknown' && (sameBoot || !TRANSIENT.has(thing.type)),
  );
  const lost = failures.filter(({ steps }) =>
    steps.some((step) => !step.owns && sameBoot && state.done.has(step.id)),
  );
  const errors = [
    ...left.map((thing) => notRemoved(thing, failures)),
    ...unseen.map(notSeen),
    ...lost.map(notUndone),
  ];
  const clean = errors.length === 0;
  if (clean) await removeStored(name);
  const foreign = owned.filter((thing) => first.whose.get(thing) === 'foreign').map(notOurs);
  return { clean, errors: [...errors, ...foreign] };
}

/** The host at one moment, and whose the things of the lab were then. */
interface Look {
  readonly inventory: Inventory;
  readonly whose: ReadonlyMap<Owned, Ownership>;
}

/** Is there anything to take back? What is inside a guest goes with the guest, what is in a namespace with that. */
function isDue({ where, owns }: Step, { inventory, whose }: Look): boolean {
  if (where.host !== 'local') return false;
  if (where.netns !== undefined && !inventory.namespaces.has(where.netns)) return false;
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
  const journal = await openJournal(labFiles(name).journal, name);
  const failures: Failure[] = [];
  const run = async (bundle: Bundle, signal: AbortSignal): Promise<void> => {
    const executors = libvirtExecutors(hosts);
    const failed = await execute(bundle, { hosts, executors, signal, keepGoing: true });
    failures.push(...failed);
    const failedIds = new Set(failed.flatMap((failure) => failure.steps.map(({ id }) => id)));
    await journal.undone(bundle.steps.map(({ id }) => id).filter((id) => !failedIds.has(id)));
  };
  const isDomain = (step: Step): boolean => step.do.tool === 'destroy-domain';
  try {
    for (const part of [steps.filter(isDomain), steps.filter((step) => !isDomain(step))])
      await schedule(batchesOf(part, 'undo'), { phase: 'remove', onEvent, concurrency }, run);
  } finally {
    await journal.close();
  }
  return failures;
}

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

function notRemoved(thing: Owned, failures: readonly Failure[]): PatchlabError {
  const failure = failures.find(({ steps }) =>
    steps.some(({ owns }) => owns?.type === thing.type && owns.name === thing.name),
  );
  return new PatchlabError('apply/left', {
    what: `The ${describeOwned(thing)} could not be removed.`,
    ...(failure && { why: failure.why, cause: failure.cause }),
  });
}

const notSeen = (thing: Owned): PatchlabError =>
  new PatchlabError('apply/left', {
    what: `Whether the ${describeOwned(thing)} is still there could not be found out.`,
    why: 'The daemon or the program that knows does not answer.',
    fix: 'Start libvirt and Open vSwitch, install nftables where it is missing, then run `patchlab down` again.',
  });

const notUndone = ({ steps, why, cause }: Failure): PatchlabError =>
  new PatchlabError('apply/left', {
    what: `Taking back ${steps.map(({ id }) => `\`${id}\``).join(', ')} failed.`,
    why,
    cause,
  });

const notOurs = (thing: Owned): PatchlabError =>
  new PatchlabError('apply/foreign', {
    what: `The ${describeOwned(thing)} has lost the mark of the lab, or is another's; it was left alone.`,
  });

/** The first error of a teardown, with the others attached. */
export function teardownError({ errors }: TeardownResult): PatchlabError | undefined {
  const [first, ...others] = errors;
  if (!first || others.length === 0) return first;
  return new PatchlabError(first.code, {
    what: first.what,
    ...(first.why !== undefined && { why: first.why }),
    fix: first.fix,
    cause: first.cause,
    others,
  });
}
