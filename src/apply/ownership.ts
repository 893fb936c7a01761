import { markOf } from '../plan/names.js';
import type { Owned } from '../plan/step.js';
import type { Inventory } from './inventory.js';
import type { JournalState } from './journal.js';

/** Whose is the thing of that name? `unknown`: the daemon that could tell does not answer. */
export type Ownership = 'absent' | 'ours' | 'foreign' | 'unknown';

/** What the journal of a lab tells of its things, where they do not tell it themselves. */
export interface JournalMemory {
  /** Is the thing one that a step has begun to make on this boot, and that no step has marked yet? */
  readonly unmarked: (owned: Owned) => boolean;
  /** `namespaceId` of the network namespace that was made under a name. */
  readonly namespace: (name: string) => string | undefined;
}

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
  return (judges[owned.type] as Judge)(owned, lab, inventory, memory);
}

type Judge<O extends Owned = Owned> = (
  owned: O,
  lab: string,
  inventory: Inventory,
  memory: JournalMemory,
) => Ownership;

const oursIf = (ours: boolean): Ownership => (ours ? 'ours' : 'foreign');

const judges: { readonly [T in Owned['type']]: Judge<Extract<Owned, { type: T }>> } = {
  link(owned, lab, { links }, { unmarked }) {
    const link = links.get(owned.name);
    if (!link) return 'absent';
    if (link.name !== owned.name) return 'foreign';
    if (link.alias !== undefined) return oursIf(link.alias === markOf(lab));
    const isAwaited = owned.lateMac !== undefined && link.kind === owned.lateMac;
    return oursIf(link.mac === owned.mac || (isAwaited && unmarked(owned)));
  },
  netns(owned, _lab, { namespaces }, { unmarked, namespace }) {
    const there = namespaces.get(owned.name);
    if (there === undefined) return 'absent';
    const made = namespace(owned.name);
    return oursIf(made === undefined ? unmarked(owned) : made === there);
  },
  'ovs-bridge'(owned, lab, { bridges }) {
    if (!bridges) return 'unknown';
    if (!bridges.has(owned.name)) return 'absent';
    return oursIf(bridges.get(owned.name) === lab);
  },
  'nft-table'(owned, _lab, { tables }) {
    if (!tables) return 'unknown';
    return tables.has(owned.name) ? 'ours' : 'absent';
  },
  domain(owned, _lab, { domains }) {
    if (!domains) return 'unknown';
    const uuid = domains.get(owned.name);
    return uuid === undefined ? 'absent' : oursIf(uuid === owned.uuid);
  },
};

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

/** How a message names a thing. */
export const describeOwned = ({ type, name }: Owned): string => `${TYPE_WORDS[type]} \`${name}\``;

const TYPE_WORDS: Readonly<Record<Owned['type'], string>> = {
  link: 'network device',
  netns: 'network namespace',
  'ovs-bridge': 'Open vSwitch bridge',
  'nft-table': 'nftables table',
  domain: 'libvirt domain',
};
