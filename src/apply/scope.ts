import { stepsOf } from '../plan/resources/steps.js';
import type { Owned, Step } from '../plan/step.js';
import { bootId } from './boot-id.js';
import { readJournal, undosOf } from './journal.js';
import type { Libvirt } from './libvirt.js';
import { isAmong, readMarks, removalOf, type Marks } from './marks.js';
import { memoryOf } from './ownership.js';
import type { JournalMemory } from './things/define.js';
import { readParts, type Parts } from './read-stored.js';
import { labFiles } from './state.js';

/** What there is to take back of a lab. */
export interface Scope {
  /** The steps that take it back, in the order in which to run them. */
  readonly undos: readonly Step[];
  readonly owned: readonly Owned[];
  readonly memory: JournalMemory;
  /** Ids of the steps that are known to have ended well. */
  readonly done: ReadonlySet<string>;
  /** Was the machine not booted since? */
  readonly sameBoot: boolean;
  /** Does the journal tell all that was made? */
  readonly isCertain: boolean;
}

/**
 * Find what there is to take back of a lab: by its journal and, where that does not tell all, by its plan and by the marks
 * that things carry. What is known from the plan alone is only removed with the lab's mark on it.
 */
export async function scopeOf(name: string, libvirt: Pick<Libvirt, 'list'>): Promise<Scope> {
  const journal = await readJournal(labFiles(name).journal);
  const tellsAll = journal.isWhole && journal.boot !== undefined;
  const { stored, plan } = tellsAll ? NO_PARTS : await readParts(name);
  const sameBoot = (journal.boot ?? stored?.boot) === (await bootId());
  const known = new Set(journal.begun.map(({ id }) => id));
  const planned = journal.isWhole
    ? []
    : stepsOf(plan?.resources ?? []).filter((step) => !known.has(step.id) && isSafe(step));
  const begun = [...journal.begun, ...planned];
  const marks = journal.isWhole ? NO_MARKS : await readMarks(libvirt, name);
  const all = [...begun, ...marksBeyond(begun, marks).map(removalOf)];
  const namespaces = new Map([...journal.namespaces, ...marks.namespaces]);
  return {
    undos: undosOf({ begun: all }),
    owned: all.flatMap(({ owns }) => owns ?? []),
    memory: memoryOf({ ...journal, namespaces }, sameBoot),
    done: journal.done,
    sameBoot,
    isCertain: journal.isWhole,
  };
}

/** What carries marks and is nothing that is known already. */
export const scopeOfMarks = (marks: Marks): Pick<Scope, 'undos' | 'owned' | 'memory'> => ({
  undos: undosOf({ begun: marks.found.map(removalOf) }),
  owned: marks.found.map(({ owned }) => owned),
  memory: { unmarked: () => false, namespace: (name) => marks.namespaces.get(name) },
});

const NO_PARTS: Pick<Parts, 'stored' | 'plan'> = {};
const NO_MARKS: Marks = { found: [], namespaces: new Map() };

/** What carries the lab's mark and is not among the things that steps make. */
const marksBeyond = (
  steps: readonly { readonly owns?: Owned | undefined }[],
  { found }: Marks,
): Marks['found'] => {
  const made = steps.flatMap(({ owns }) => (owns ? [{ lab: '', owned: owns }] : []));
  return found.filter(({ owned }) => !isAmong({ found: made }, owned));
};

/** May it be taken back without knowing that it ever began? What it makes tells whose it is; or it undoes what it does. */
const isSafe = ({ owns, undo, do: forth }: Step): boolean =>
  undo !== undefined && (owns !== undefined || JSON.stringify(undo) === JSON.stringify(forth));
