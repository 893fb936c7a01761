import { readdir, readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { messageOf, PatchlabError } from '../errors.js';
import type { Plan, Where } from '../plan/step.js';
import { isLocked } from './lock.js';
import {
  isLabName,
  labFiles,
  labsDir,
  type Stored,
  type StoredLab,
  type BuildState,
} from './state.js';
import { parseStored } from './parse-stored.js';

/** What is stored about a lab, as far as it can be read. */
export interface Parts {
  readonly stored?: StoredLab | undefined;
  readonly plan?: Plan | undefined;
  readonly state: BuildState;
  /** What cannot be read, and why. */
  readonly problems: readonly PatchlabError[];
}

/** A folder among those of the labs with which nothing can be done, or not all. */
interface DamagedLab {
  readonly name: string;
  readonly problem: PatchlabError;
}

/** Every lab for itself: one that is damaged is no reason to say nothing of the others. */
export interface StoredLabs {
  readonly labs: readonly Stored[];
  readonly damaged: readonly DamagedLab[];
}

/** Read what is stored about all labs, sorted by name. */
export async function readAllStored(): Promise<StoredLabs> {
  const names = (await readdir(labsDir()).catch(ifMissing<string[]>([]))).sort();
  const found = await Promise.all(names.map(readOrTell));
  return {
    labs: found.flatMap((one) => one.lab ?? []),
    damaged: found.flatMap((one) => one.damaged ?? []),
  };
}

async function readOrTell(name: string): Promise<{ lab?: Stored; damaged?: DamagedLab }> {
  try {
    if (!isLabName(name)) throw stray(name);
    const lab = await readStored(name);
    if (lab) return { lab };
    // It is being stored, or was removed just now.
    if (await isLocked(labFiles(name).lock)) return {};
    if (!(await isFolder(labFiles(name).dir))) return {};
    throw damaged(labFiles(name).lab, 'it is missing');
  } catch (error) {
    const problem =
      error instanceof PatchlabError ? error : damaged(labFiles(name).dir, messageOf(error));
    return { damaged: { name, problem } };
  }
}

const isFolder = (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    () => false,
  );

/**
 * Read what is stored about a lab; nothing where it is not known.
 * @throws PatchlabError `lab/state` where a file is damaged
 */
export async function readStored(name: string): Promise<Stored | undefined> {
  const { stored, plan, state, problems } = await readParts(name);
  const [problem] = problems;
  if (problem) throw problem;
  return stored && plan && { ...stored, plan, state };
}

/** Where a lab is that is known here; nothing where none is, or where that cannot be read, which is for others to tell. */
export async function placeOf(name: string): Promise<Where | undefined> {
  const text = await readFile(labFiles(name).lab, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { storedPlaceSchema } = await import('./stored-schemas.js');
  try {
    return storedPlaceSchema.parse(parseStored(text)).lab.here;
  } catch {
    return undefined;
  }
}

/** Read what can be read of a lab. */
export async function readParts(name: string): Promise<Parts> {
  const files = labFiles(name);
  const problems: PatchlabError[] = [];
  const read = async <T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    try {
      const text = await readFile(path, 'utf8').catch(ifMissing(undefined));
      return text === undefined ? undefined : parse(path, text, schema);
    } catch (error) {
      problems.push(error instanceof PatchlabError ? error : damaged(path, messageOf(error)));
      return undefined;
    }
  };
  // Large, and of no use where nothing is stored.
  const { planSchema, storedLabSchema } = await import('./stored-schemas.js');
  const stored = (await read(files.lab, storedLabSchema)) as StoredLab | undefined;
  const plan = await read(files.plan, planSchema);
  const text = await readFile(files.state, 'utf8').catch(() => '');
  for (const [path, lab] of [
    [files.lab, stored?.lab.name],
    [files.plan, plan?.lab],
  ] as const)
    if (lab !== undefined && lab !== name) problems.push(damaged(path, `it is of lab ${lab}`));
  if (stored && !plan && problems.length === 0) problems.push(damaged(files.plan, 'it is missing'));
  return { stored, plan, state: STATES.find((one) => one === text.trim()) ?? 'building', problems };
}

/** One without a state was not finished, as far as anybody knows. */
const STATES: readonly BuildState[] = ['building', 'up', 'removing'];

function parse<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = parseStored(text);
  } catch (cause) {
    throw damaged(path, messageOf(cause));
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > 1)
    throw damaged(path, `it has the format ${format}, of a newer version of patchlab`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw damaged(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

const damaged = (path: string, why: string): PatchlabError =>
  new PatchlabError('lab/state', { what: `${path} cannot be used.`, why });

const stray = (name: string): PatchlabError =>
  new PatchlabError('lab/state', {
    what: `${JSON.stringify(name)} among the folders of labs is none of a lab.`,
    fix: `Look at it in ${labsDir()}, and move it away.`,
  });

const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return value;
    throw error;
  };
