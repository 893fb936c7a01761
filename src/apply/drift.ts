import { difference, type Difference } from '../plan/resources/difference.js';
import type { Resource } from '../plan/resources/define.js';
import { ownedBy, thingsOf } from '../plan/resources/steps.js';
import type { Plan } from '../plan/step.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory } from './inventory.js';
import { readJournal } from './journal.js';
import { memoryOf, ownership } from './ownership.js';
import { readBack } from './read-back.js';
import { labFiles, type Stored } from './state.js';

/** What is gone, by the id of the resource, with how that is said. */
export type Gone = ReadonlyMap<string, string>;

const GONE = 'it is not there any more';

/**
 * The resources of which this host has nothing with the mark of the lab any more.
 * @param justMade - they may have been made just now, so that the journal does not tell how they are known
 */
export async function missing(
  { plan }: Pick<Stored, 'plan'>,
  { libvirt }: Pick<LabHosts, 'libvirt'>,
  justMade = false,
): Promise<{ readonly gone: Gone; readonly all: number }> {
  const owners = plan.resources
    .map((one) => ({ id: one.id, owned: ownedBy(one) }))
    .filter(({ owned }) => owned.length > 0);
  const inventory = await readInventory(
    owners.flatMap(({ owned }) => owned),
    libvirt,
  );
  const memory = memoryOf(await readJournal(labFiles(plan.lab).journal), justMade);
  const gone = owners.filter(
    ({ owned }) =>
      !owned.every((thing) => ownership(thing, plan.lab, inventory, memory) === 'ours'),
  );
  return { gone: new Map(gone.map(({ id }) => [id, GONE])), all: owners.length };
}

/**
 * What turns a lab as it really is into what is wanted. Where the file has changed, those of its resources are read back
 * that are near what changes; else all.
 * @param before - the resources of which it was built
 * @param anew - what is made anew though nothing differs
 */
export async function differenceNow(
  before: readonly Resource[],
  after: readonly Resource[],
  gone: Gone,
  hosts: LabHosts,
  anew?: ReadonlyMap<string, string>,
): Promise<Difference> {
  const { changes } = difference(before, after, gone, anew);
  const lanes = new Set(changes.map(({ old, wanted }) => (wanted ?? old)?.lane));
  const near = changes.length === 0 ? before : before.filter(({ lane }) => lanes.has(lane));
  const read = await readBack(
    near.filter(({ id }) => !gone.has(id)),
    hosts,
  );
  const real = new Map(read.resources.map((one) => [one.id, one]));
  return difference(
    before.map((one) => real.get(one.id) ?? one),
    after,
    new Map([...gone, ...[...read.gone].map((id) => [id, GONE] as const)]),
    anew,
  );
}

/** What of some resources is there, each as it really is. What is in something that is not there is not there either. */
export async function stillThere(plan: Plan, hosts: LabHosts): Promise<readonly Resource[]> {
  const { gone } = await missing({ plan }, hosts, true);
  const read = await readBack(
    plan.resources.filter(({ id }) => !gone.has(id)),
    hosts,
  );
  let there = read.resources.filter(({ id }) => !read.gone.has(id));
  const known = thingsOf(plan.resources);
  for (let count = -1; count !== there.length;) {
    count = there.length;
    const made = thingsOf(there);
    there = there.filter((one) => one.in.every((at) => made.has(at) || !known.has(at)));
  }
  return there;
}
