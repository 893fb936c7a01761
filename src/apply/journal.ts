import { open, readFile, type FileHandle } from 'node:fs/promises';
import { markOf } from '../plan/names.js';
import type { Command, Owned, Stage, Step, Where } from '../plan/step.js';
import { PatchlabError } from '../errors.js';

/** What the journal keeps of a step: enough to take it back without the plan. */
export interface Begun {
  readonly id: string;
  readonly stage: Stage;
  readonly lane: string;
  readonly where: Where;
  readonly undo?: Command;
  readonly owns?: Owned;
  readonly why: string;
  /** The link or namespace that this step marks as the lab's. */
  readonly marks?: Marked;
}

export interface Marked {
  readonly type: 'link' | 'netns';
  readonly name: string;
}

type JournalRecord =
  | ({ readonly event: 'begin' } & Begun)
  | { readonly event: 'done' | 'undone'; readonly id: string };

/** The journal of a lab that is being built: one JSON record a line, only ever appended to. */
export interface Journal {
  /** Write down that these steps are about to run. What can be taken back is on the disk when this resolves. */
  begin(steps: readonly Step[]): Promise<void>;
  done(steps: readonly Step[]): Promise<void>;
  /** Write down that these steps have been taken back. */
  undone(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Open the journal of a lab to append to it; the file is made where it is missing. */
export async function openJournal(path: string, lab: string): Promise<Journal> {
  const file = await open(path, 'a');
  const append = appender(file);
  return {
    begin: (steps) =>
      append(
        steps.map((step) => begin(step, lab)),
        steps.some((step) => step.undo ?? step.owns),
      ),
    done: (steps) =>
      append(
        steps.map(({ id }) => ({ event: 'done', id })),
        false,
      ),
    undone: (ids) =>
      append(
        ids.map((id) => ({ event: 'undone', id })),
        false,
      ),
    close: () => file.close(),
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

/** Does the step give a link of the host the lab's alias, or a namespace its id? */
function markedBy({ do: command, where }: Step, lab: string): Marked | undefined {
  if (command.tool !== 'ip' || where.host !== 'local' || where.netns !== undefined)
    return undefined;
  const { args } = command;
  const [object, verb, name = ''] = args;
  if (object === 'netns' && verb === 'set') return { type: 'netns', name };
  if (args[args.indexOf('alias') + 1] !== markOf(lab)) return undefined;
  return { type: 'link', name: args[args.indexOf('dev') + 1] ?? '' };
}

/** Lanes that write at the same time share one write and one sync. */
function appender(file: FileHandle) {
  let batch = { text: '', sync: false };
  let written: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  return (records: readonly JournalRecord[], sync: boolean): Promise<void> => {
    batch.text += records.map((record) => `${JSON.stringify(record)}\n`).join('');
    batch.sync ||= sync;
    written ??= last = last.then(async () => {
      const { text, sync: synced } = batch;
      batch = { text: '', sync: false };
      written = undefined;
      await file.appendFile(text);
      if (synced) await file.datasync();
    });
    return written;
  };
}

/** What a journal tells. */
export interface JournalState {
  /** The steps that began and have not been taken back, in the order in which they began. */
  readonly begun: readonly Begun[];
  /** Ids of those that ended well. */
  readonly done: ReadonlySet<string>;
}

export const EMPTY_JOURNAL: JournalState = { begun: [], done: new Set() };

/**
 * Read a journal; one that does not exist is empty. A last line that a crash has cut off is not counted.
 * @throws PatchlabError `lab/state` where another line is damaged
 */
export async function readJournal(path: string): Promise<JournalState> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const begun = new Map<string, Begun>();
  const done = new Set<string>();
  for (const record of parse(path, text)) {
    if (record.event === 'begin') begun.set(record.id, record);
    else if (record.event === 'done') done.add(record.id);
    else begun.delete(record.id);
  }
  return { begun: [...begun.values()], done };
}

function parse(path: string, text: string): JournalRecord[] {
  const lines = text.split('\n');
  // What follows the last newline is empty, or cut off.
  lines.pop();
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as JournalRecord;
    } catch (cause) {
      throw new PatchlabError('lab/state', {
        what: `Line ${index + 1} of ${path} is damaged.`,
        cause,
      });
    }
  });
}

/** The steps that take back what began, in the order in which to run them. */
export const undosOf = ({ begun }: JournalState): Step[] =>
  begun.toReversed().flatMap((entry) => (entry.undo ? [{ ...entry, do: entry.undo }] : []));
