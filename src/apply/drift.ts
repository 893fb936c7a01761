import { difference, type Difference } from '../plan/resources/difference.js';
import type { Resource } from '../plan/resources/define.js';
import type { Look, LookQuestion } from '../plan/resources/look.js';
import { questionsOf, readBack } from '../plan/resources/read-back.js';
import { thingsOf } from '../plan/resources/order.js';
import { ownedBy } from '../plan/resources/steps.js';
import type { Plan } from '../plan/step.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory } from './inventory.js';
import { readJournal } from './journal.js';
import { memoryOf, ownership, type Ownership } from './ownership.js';
import { lookAround } from './look-around.js';
import { readableStacks, stackQuestions } from './read-stacks.js';
import { labFiles, type Stored } from './state.js';

/** What is gone, by the id of the resource, with how that is said. */
export type Gone = ReadonlyMap<string, string>;

const GONE = 'it is not there any more';
/** Another's thing of its name is in its place, or nothing. */
const GONE_AS: ReadonlySet<Ownership> = new Set(['absent', 'foreign']);

/** What of a lab is not on this host any more. */
export interface Missing {
  readonly gone: Gone;
  /** How many resources were looked for. */
  readonly all: number;
  /** A daemon that knows of some of them does not answer. */
  readonly isUnsure: boolean;
}

/**
 * The resources of which this host has nothing with the mark of the lab any more. What a daemon would know that does not answer is
 * not among them.
 * @param justMade - they may have been made just now, so that the journal does not tell how they are known
 */
export async function missing(
  { plan }: Pick<Stored, 'plan'>,
  { libvirt }: Pick<LabHosts, 'libvirt'>,
  justMade = false,
): Promise<Missing> {
  const owners = plan.resources
    .map((one) => ({ id: one.id, owned: ownedBy(one) }))
    .filter(({ owned }) => owned.length > 0);
  const inventory = await readInventory(
    owners.flatMap(({ owned }) => owned),
    libvirt,
  );
  const memory = memoryOf(await readJournal(labFiles(plan.lab).journal), justMade);
  const whose = owners.map(({ id, owned }) => ({
    id,
    are: owned.map((thing) => ownership(thing, plan.lab, inventory, memory)),
  }));
  const gone = whose.filter(({ are }) => are.some((one) => GONE_AS.has(one)));
  return {
    gone: new Map(gone.map(({ id }) => [id, GONE])),
    all: owners.length,
    isUnsure: whose.some(({ are }) => are.includes('unknown')),
  };
}

/**
 * What turns resources into those that are wanted, by what was seen of them. Pure.
 * @param asked - those that somebody looked for; the others are taken as they are wanted
 */
export function differenceSeen(
  before: readonly Resource[],
  after: readonly Resource[],
  gone: Gone,
  look: Look,
  { anew, asked = before }: SeenOptions = {},
): Difference {
  const read = readBack(asked, look);
  const seen = new Map(read.resources.map((one) => [one.id, one]));
  const all = new Map([...[...read.gone].map((id) => [id, GONE] as const), ...gone]);
  const now = before.map((one) => seen.get(one.id) ?? one);
  return difference(now, after, all, anew);
}

interface SeenOptions {
  readonly anew?: ReadonlyMap<string, string> | undefined;
  readonly asked?: readonly Resource[];
}

/**
 * What turns a lab as it really is into what is wanted, and what was seen of it. Where the file has changed, those of its
 * resources are read back that are near what changes; else all, and whatever else is in its stacks.
 * @param anew - what is made anew though nothing differs
 */
export async function differenceNow(
  stored: Pick<Stored, 'lab' | 'plan'>,
  after: readonly Resource[],
  gone: Gone,
  hosts: LabHosts,
  anew?: ReadonlyMap<string, string>,
): Promise<{ readonly what: Difference; readonly look: Look }> {
  const { resources } = stored.plan;
  const { changes } = difference(resources, after, gone, anew);
  // What somebody has done by hand is no change of the file, and may be elsewhere, too.
  const isAll = anew === undefined && (changes.length === 0 || isSame(resources, after, gone));
  const lanes = new Set(changes.map(({ old, wanted }) => (wanted ?? old)?.lane));
  const asked = isAll ? resources : resources.filter(({ lane }) => lanes.has(lane));
  const look = await lookAround(isAll ? everythingOf(stored) : questionsOf(asked), hosts);
  return { what: differenceSeen(resources, after, gone, look, { anew, asked }), look };
}

/** Does the file want what was built? */
const isSame = (before: readonly Resource[], after: readonly Resource[], gone: Gone): boolean =>
  gone.size > 0 && difference(before, after).changes.length === 0;

/** What is asked to read a whole lab back, and what else is in its stacks. */
export const everythingOf = ({
  lab,
  plan,
}: Pick<Stored, 'lab' | 'plan'>): readonly LookQuestion[] => [
  ...questionsOf(plan.resources),
  ...stackQuestions(readableStacks(lab)),
];

/**
 * What of some resources is there, each as it really is. What is in something that is not there is not there either.
 * @param known - names of the things that a lab makes: what is in another thing is there with that
 */
export async function stillThere(
  plan: Plan,
  known: ReadonlySet<string>,
  hosts: LabHosts,
): Promise<readonly Resource[]> {
  const { gone } = await missing({ plan }, hosts, true);
  const read = readBack(plan.resources, await lookAround(questionsOf(plan.resources), hosts));
  let there = read.resources.filter(({ id }) => !gone.has(id) && !read.gone.has(id));
  for (let count = -1; count !== there.length;) {
    count = there.length;
    const made = thingsOf(there);
    there = there.filter((one) => one.in.every((at) => made.has(at) || !known.has(at)));
  }
  return there;
}
