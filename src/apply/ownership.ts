import type { Owned } from '../plan/step.js';
import type { Inventory } from './inventory.js';
import type { JournalState } from './journal.js';
import type { JournalMemory } from './things/define.js';
import { thingType } from './things/index.js';

/** Whose is the thing of that name? `unknown`: the daemon that could tell does not answer. */
export type Ownership = 'absent' | 'ours' | 'foreign' | 'unknown';

/** Of a lab of which nothing was made. */
const NO_MEMORY: JournalMemory = { unmarked: () => false, namespace: () => undefined };

/**
 * Tell whose a thing is, by its mark. One without any mark is the lab's where the journal shows that a
 * step began to make it, on a host where nothing had its name, and that its mark never came to be set.
 */
export function ownership(
  owned: Owned,
  lab: string,
  inventory: Inventory,
  memory: JournalMemory = NO_MEMORY,
): Ownership {
  const there = inventory[owned.type];
  if (!there) return 'unknown';
  if (!there.has(owned.name)) return 'absent';
  const isOurs = thingType(owned.type).isOurs(there.get(owned.name), owned, lab, memory);
  return isOurs ? 'ours' : 'foreign';
}

/**
 * Remember by the journal.
 * @param sameBoot - after a reboot it shows nothing of what is there
 */
export function memoryOf(
  { begun, done, namespaces }: JournalState,
  sameBoot: boolean,
): JournalMemory {
  const making = new Set<string>();
  const marked = new Set<string>();
  for (const { id, owns, marks } of begun) {
    if (owns) making.add(`${owns.type} ${owns.name}`);
    if (marks !== undefined && done.has(id)) marked.add(`link ${marks}`);
  }
  return {
    unmarked({ type, name }) {
      const key = `${type} ${name}`;
      return sameBoot && making.has(key) && !marked.has(key);
    },
    namespace: (name) => namespaces.get(name),
  };
}
