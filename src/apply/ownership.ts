import { markOf } from '../plan/names.js';
import type { Owned } from '../plan/step.js';
import type { Inventory } from './inventory.js';
import type { JournalState } from './journal.js';

/** Whose is the thing of that name? `unknown`: the daemon that could tell does not answer. */
export type Ownership = 'absent' | 'ours' | 'foreign' | 'unknown';

/** Is the thing one that a step has begun to make on this boot, and that no step has marked yet? */
export type Unmarked = (owned: Owned) => boolean;

/** For a lab that is up: everything of it carries its mark. */
export const MARKED: Unmarked = () => false;

/**
 * Tell whose a thing is, by its mark. One without any mark is the lab's where the journal shows that a
 * step began to make it, on a host where nothing had its name, and that its mark never came to be set.
 */
export function ownership(
  owned: Owned,
  lab: string,
  inventory: Inventory,
  unmarked: Unmarked = MARKED,
): Ownership {
  return (judges[owned.type] as Judge)(owned, lab, inventory, unmarked);
}

type Judge<O extends Owned = Owned> = (
  owned: O,
  lab: string,
  inventory: Inventory,
  unmarked: Unmarked,
) => Ownership;

const oursIf = (ours: boolean): Ownership => (ours ? 'ours' : 'foreign');

const judges: { readonly [T in Owned['type']]: Judge<Extract<Owned, { type: T }>> } = {
  link(owned, lab, { links }, unmarked) {
    const link = links.get(owned.name);
    if (!link) return 'absent';
    if (link.name !== owned.name) return 'foreign';
    if (link.alias !== undefined) return oursIf(link.alias === markOf(lab));
    // A tap gets its address by the step that marks it; all others are made with theirs.
    return oursIf(link.mac === owned.mac || (link.kind === 'tun' && unmarked(owned)));
  },
  netns(owned, _lab, { namespaces }, unmarked) {
    if (!namespaces.has(owned.name)) return 'absent';
    const id = namespaces.get(owned.name);
    return oursIf(id === undefined ? unmarked(owned) : id === owned.id);
  },
  'ovs-bridge'(owned, lab, { bridges }) {
    if (!bridges) return 'unknown';
    if (!bridges.has(owned.name)) return 'absent';
    return oursIf(bridges.get(owned.name) === lab);
  },
  domain(owned, _lab, { domains }) {
    if (!domains) return 'unknown';
    const uuid = domains.get(owned.name);
    return uuid === undefined ? 'absent' : oursIf(uuid === owned.uuid);
  },
};

/** What the journal shows about things that carry no mark. After a reboot it shows nothing. */
export function unmarkedBy(journal: JournalState, sameBoot: boolean): Unmarked {
  const key = (type: string, name: string): string => `${type} ${name}`;
  const begun = new Set<string>();
  const marked = new Set<string>();
  for (const { id, owns, marks } of journal.begun) {
    if (owns) begun.add(key(owns.type, owns.name));
    if (marks && journal.done.has(id)) marked.add(key(marks.type, marks.name));
  }
  return ({ type, name }) => sameBoot && begun.has(key(type, name)) && !marked.has(key(type, name));
}

/** How a message names a thing. */
export const describeOwned = ({ type, name }: Owned): string => `${TYPE_WORDS[type]} \`${name}\``;

const TYPE_WORDS: Readonly<Record<Owned['type'], string>> = {
  link: 'network device',
  netns: 'network namespace',
  'ovs-bridge': 'Open vSwitch bridge',
  domain: 'libvirt domain',
};
