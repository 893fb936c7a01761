import type { ZodType } from 'zod';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { markOf } from '../plan/names.js';
import type { Command, Owned, Stage, Step, Where } from '../plan/step.js';
import { isOwnStack } from '../where.js';
import { namespaceId } from './namespace-id.js';
import { isNoRoom, noRoomFor } from './state.js';
import { parseStored } from './parse-stored.js';

/** What the journal keeps of a step: enough to take it back without the plan. */
interface Begun {
  readonly id: string;
  readonly stage: Stage;
  readonly lane: string;
  readonly where: Where;
  readonly undo?: Command;
  readonly owns?: Owned;
  readonly why: string;
  /** The link of the host that this step marks as the lab's. */
  readonly marks?: string;
}

type JournalRecord =
  | { readonly event: 'boot'; readonly boot: string }
  | ({ readonly event: 'begin' } & Begun)
  | { readonly event: 'done'; readonly id: string; readonly netns?: Namespace }
  | { readonly event: 'undone'; readonly id: string };

/** A namespace that a step has made, with its `namespaceId`. */
type Namespace = readonly [name: string, id: string];

/** The journal of a lab that is being built: one JSON record a line, only ever appended to. */
export interface Journal {
  /** Write down that these steps are about to run. What can be taken back is on the disk when this resolves. */
  begin(steps: readonly Step[]): Promise<void>;
  /** Remember that these steps ended well, and which namespaces they have made. It is written with what comes next: a crash before that makes them count as begun, which is the safe side. */
  done(steps: readonly Step[]): Promise<void>;
  /** Write down that these steps have been taken back. */
  undone(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** How a journal is written. */
export interface JournalOptions {
  /** The boot of the machine, to be written down first. */
  readonly boot?: string;
  /** What finds no room is left out: removing twice does no harm, and needs no new space. */
  readonly lossy?: boolean;
}

/** Open the journal of a lab to append to it; the file is made where it is missing. */
export async function openJournal(
  path: string,
  lab: string,
  { boot, lossy = false }: JournalOptions = {},
): Promise<Journal> {
  const file = await open(path, 'a', 0o600).catch((error: unknown) => {
    if (lossy && isNoRoom(error)) return undefined;
    throw error;
  });
  const { append, add } = appender(path, file, lossy);
  if (boot !== undefined) add([{ event: 'boot', boot }]);
  return {
    begin: (steps) =>
      append(
        steps.map((step) => begin(step, lab)),
        steps.some((step) => step.undo ?? step.owns),
      ),
    done(steps) {
      add(steps.map(done));
      return Promise.resolve();
    },
    undone: (ids) =>
      append(
        ids.map((id) => ({ event: 'undone', id })),
        false,
      ),
    async close() {
      try {
        await append([], false);
      } finally {
        await file?.close();
      }
    },
  };
}

function begin(step: Step, lab: string): JournalRecord {
  const { id, stage, lane, where, undo, owns, why } = step;
  const marks = markedBy(step, lab);
  return {
    event: 'begin',
    ...{ id, stage, lane, where, why },
    ...(undo && { undo }),
    ...(owns && { owns }),
    ...(marks && { marks }),
  };
}

function done({ id, owns }: Step): JournalRecord {
  const made = owns?.type === 'netns' ? namespaceId(owns.name) : undefined;
  return { event: 'done', id, ...(owns && made !== undefined && { netns: [owns.name, made] }) };
}

/** The link of the host to which the step gives the lab's alias. */
function markedBy({ do: command, where }: Step, lab: string): string | undefined {
  if (command.tool !== 'ip' || !isOwnStack(where)) return undefined;
  const { args } = command;
  if (args[args.indexOf('alias') + 1] !== markOf(lab)) return undefined;
  return args[args.indexOf('dev') + 1];
}

/** Lanes that write at the same time share one write and one sync. */
function appender(path: string, file: FileHandle | undefined, lossy: boolean) {
  let batch = { text: '', sync: false };
  let written: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  const add = (records: readonly JournalRecord[]): void => {
    batch.text += records.map((record) => `${JSON.stringify(record)}\n`).join('');
  };
  const append = (records: readonly JournalRecord[], sync: boolean): Promise<void> => {
    add(records);
    batch.sync ||= sync;
    written ??= last = last.then(async () => {
      const { text, sync: synced } = batch;
      batch = { text: '', sync: false };
      written = undefined;
      try {
        await file?.appendFile(text);
        if (synced) await file?.datasync();
      } catch (error) {
        if (!isNoRoom(error)) throw error;
        if (!lossy) throw noRoomFor(path, error);
      }
    });
    return written;
  };
  return { append, add };
}

/** What a journal tells. */
export interface JournalState {
  /** The steps that began and have not been taken back, in the order in which they began. */
  readonly begun: readonly Begun[];
  /** Ids of those that ended well. */
  readonly done: ReadonlySet<string>;
  /** `namespaceId` of each network namespace that was made, by its name. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** The boot of the machine during which the lab was built, where that is written down. */
  readonly boot: string | undefined;
  /** Does it tell all? Not when it is missing, empty, or has lines that cannot be read. */
  readonly isWhole: boolean;
}

export const EMPTY_JOURNAL: JournalState = {
  begun: [],
  done: new Set(),
  namespaces: new Map(),
  boot: undefined,
  isWhole: false,
};

/**
 * Read a journal; one that does not exist is empty. A last line that a crash has cut off is not counted, and one that is
 * damaged is left out.
 */
export async function readJournal(path: string): Promise<JournalState> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  // What follows the last newline is empty, or cut off.
  lines.pop();
  const begun = new Map<string, Begun>();
  const done = new Set<string>();
  const namespaces = new Map<string, string>();
  let boot: string | undefined;
  let isWhole = lines.length > 0;
  // Large, and of no use where nothing is stored.
  const { recordSchema } = await import('./stored-schemas.js');
  for (const record of lines.map((line) => parse(line, recordSchema))) {
    if (record === undefined) isWhole = false;
    else if (record.event === 'boot') boot ??= record.boot;
    else if (record.event === 'begin') {
      // Of what is made again, what was known of the first one holds no more.
      begun.delete(record.id);
      done.delete(record.id);
      if (record.owns?.type === 'netns') namespaces.delete(record.owns.name);
      begun.set(record.id, record);
    } else if (record.event === 'undone') begun.delete(record.id);
    else {
      done.add(record.id);
      if (record.netns) namespaces.set(...record.netns);
    }
  }
  return { begun: [...begun.values()], done, namespaces, boot, isWhole };
}

/** @returns nothing for a line that makes no sense */
function parse(line: string, schema: ZodType): JournalRecord | undefined {
  try {
    return schema.parse(parseStored(line)) as JournalRecord;
  } catch {
    return undefined;
  }
}

/** The steps that take back what began, in the order in which to run them. */
export const undosOf = ({ begun }: Pick<JournalState, 'begun'>): Step[] =>
  begun.toReversed().flatMap((entry) => (entry.undo ? [{ ...entry, do: entry.undo }] : []));
