import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchlabError } from '../errors.js';
import type { Plan } from '../plan/step.js';
import type { Lab } from '../topology/lab.js';
import { bootId } from './boot-id.js';
import type { StatusHop } from './status.js';

/** How far a lab got: `building` also where the building process died. */
export type StoredState = 'building' | 'up' | 'removing';

/** Where a hop path of a lab is written down for other tools, by the link's id. */
export interface LabExtra {
  readonly hops?: Readonly<Record<string, readonly StatusHop[]>>;
  readonly [key: string]: unknown;
}

/** lab.json: what was built. */
interface StoredLab {
  readonly format: 1;
  readonly lab: Lab;
  /** Of the steps and domains of the plan. */
  readonly digest: string;
  /** The boot of this machine during which it was built. */
  readonly boot: string;
  /** ISO 8601. */
  readonly created: string;
  readonly extra: LabExtra;
}

/** Everything that is stored about a lab. */
export interface Stored extends StoredLab {
  readonly plan: Plan;
  readonly state: StoredState;
}

/** The files of one lab. */
export interface LabFiles {
  readonly dir: string;
  readonly lab: string;
  readonly plan: string;
  readonly journal: string;
  readonly state: string;
  /** Held by whoever changes the lab. */
  readonly lock: string;
}

const root = (): string => process.env.PATCHLAB_STATE ?? '/var/lib/patchlab';
const labsDir = (): string => join(root(), 'labs');
const locksDir = (): string => join(root(), 'locks');
/** Says that patchlab made the state folder, and may remove it. */
const madeFile = (): string => join(root(), '.made-by-patchlab');

/**
 * Where the files of a lab are.
 * @throws PatchlabError `lab/unknown` for what cannot be a lab's name
 */
export function labFiles(name: string): LabFiles {
  if (!/^[a-z0-9][a-z0-9-]*$/i.test(name)) throw unknownLab(name);
  const dir = join(labsDir(), name);
  return {
    dir,
    lab: join(dir, 'lab.json'),
    plan: join(dir, 'plan.json'),
    journal: join(dir, 'journal.ndjson'),
    state: join(dir, 'state'),
    lock: join(locksDir(), name),
  };
}

/** The error for a name under which nothing is stored. */
export const unknownLab = (name: string): PatchlabError =>
  new PatchlabError('lab/unknown', { what: `No lab \`${name}\` is up on this host.` });

/** Make the state folder; call it before the lock is taken. */
export async function makeStateDir(): Promise<void> {
  if ((await mkdir(root(), { recursive: true })) !== undefined)
    await (await open(madeFile(), 'w')).close();
}

/** Remove what is empty of the state folder, as far as patchlab made it. */
export async function removeEmptyStateDir(): Promise<void> {
  const quietly = (removal: Promise<void>) =>
    removal.then(
      () => true,
      () => false,
    );
  for (const dir of [labsDir(), locksDir()]) await quietly(rmdir(dir));
  const entries = await readdir(root()).catch(() => ['gone']);
  if (entries.join() !== '.made-by-patchlab') return;
  await rm(madeFile(), { force: true });
  await quietly(rmdir(root()));
}

/** What tells two versions of a plan apart: SHA-256 of its steps and domains. */
export const digestOf = ({ steps, domains }: Plan): string =>
  createHash('sha256').update(JSON.stringify({ steps, domains })).digest('hex');

/** Store a lab that is about to be built. */
export async function storeLab(lab: Lab, plan: Plan, extra: LabExtra): Promise<void> {
  const files = labFiles(lab.name);
  await mkdir(files.dir, { recursive: true });
  const stored: StoredLab = {
    format: 1,
    lab,
    digest: digestOf(plan),
    boot: await bootId(),
    created: new Date().toISOString(),
    extra,
  };
  await write(files.plan, JSON.stringify(plan, undefined, 1));
  await write(files.state, 'building\n');
  // Last: a lab is known from here on.
  await write(files.lab, JSON.stringify(stored, undefined, 1));
}

/** Store how far a lab got. */
export const setState = (name: string, state: StoredState): Promise<void> =>
  write(labFiles(name).state, `${state}\n`);

/** Forget a lab. */
export async function removeStored(name: string): Promise<void> {
  const { dir, lab } = labFiles(name);
  await rm(lab, { force: true });
  await rm(dir, { recursive: true, force: true });
}

/** Names of the labs that are stored, sorted. */
export async function storedNames(): Promise<readonly string[]> {
  const names = await readdir(labsDir()).catch(ifMissing<string[]>([]));
  return names.sort();
}

/**
 * Read what is stored about a lab; nothing where it is not known.
 * @throws PatchlabError `lab/state` where a file is damaged
 */
export async function readStored(name: string): Promise<Stored | undefined> {
  const files = labFiles(name);
  const text = await readFile(files.lab, 'utf8').catch(ifMissing(undefined));
  if (text === undefined) return undefined;
  const stored = parse(files.lab, text) as StoredLab;
  const format: number = stored.format;
  if (format !== 1)
    throw new PatchlabError('lab/state', {
      what: `${files.lab} has the unknown format ${format}.`,
    });
  const plan = parse(files.plan, await readFile(files.plan, 'utf8')) as Plan;
  return { ...stored, plan, state: (await readFile(files.state, 'utf8')).trim() as StoredState };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PatchlabError('lab/state', { what: `${path} is damaged.`, cause });
  }
}

/** Write a file whole or not at all, and onto the disk. */
async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w');
  await file.writeFile(text);
  await file.datasync();
  await file.close();
  await rename(draft, path);
}

const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return value;
    throw error;
  };
