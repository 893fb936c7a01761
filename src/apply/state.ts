import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PatchlabError } from '../errors.js';
import type { Plan } from '../plan/step.js';
import type { Lab } from '../topology/lab.js';
import { bootId } from './boot-id.js';
import type { StatusHop } from './status.js';

/** How far a lab got: `building` also where the building process died. */
export type BuildState = 'building' | 'up' | 'removing';

/** Where a hop path of a lab is written down for other tools, by the link's id. */
export interface LabExtra {
  readonly hops?: Readonly<Record<string, readonly StatusHop[]>>;
  readonly [key: string]: unknown;
}

/** lab.json: what was built. */
export interface StoredLab {
  readonly format: 1;
  readonly lab: Lab;
  /** The boot of this machine during which it was built. */
  readonly boot: string;
  /** ISO 8601. */
  readonly created: string;
  readonly extra: LabExtra;
}

/** Everything that is stored about a lab. */
export interface Stored extends StoredLab {
  readonly plan: Plan;
  readonly state: BuildState;
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
/** Holds a folder for each lab. */
export const labsDir = (): string => join(root(), 'labs');
/** Holds the file of a lock for each lab. */
export const locksDir = (): string => join(root(), 'locks');
/** Says that patchlab made the state folder, and may remove it. */
const madeFile = (): string => join(root(), '.made-by-patchlab');

/** The process that holds the namespaces of labs of a user who is not root, and the lock of all that use it; no lab has such a name. */
export const holderFiles = (): { readonly holder: string; readonly lock: string } => ({
  holder: join(root(), 'holder'),
  lock: join(locksDir(), '.holder'),
});

/** Can a lab have this name? */
export const isLabName = (name: string): boolean => /^[a-z0-9][a-z0-9-]*$/i.test(name);

/**
 * Where the files of a lab are.
 * @throws PatchlabError `lab/unknown` for what cannot be a lab's name
 */
export function labFiles(name: string): LabFiles {
  if (!isLabName(name)) throw unknownLab(name);
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

/** Names of the labs that are stored, damaged ones included, sorted. */
export async function storedNames(): Promise<readonly string[]> {
  const names = await readdir(labsDir()).catch(() => []);
  return names.filter(isLabName).sort();
}

/** Make the state folder; call it before the lock is taken. */
export async function makeStateDir(): Promise<void> {
  if ((await mkdir(root(), { recursive: true, mode: 0o700 })) !== undefined)
    await (await open(madeFile(), 'w', 0o600)).close();
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

/** Store a lab that is about to be built. */
export async function storeLab(lab: Lab, plan: Plan, extra: LabExtra): Promise<void> {
  const files = labFiles(lab.name);
  const stored: StoredLab = {
    format: 1,
    lab,
    boot: await bootId(),
    created: new Date().toISOString(),
    extra,
  };
  try {
    await mkdir(files.dir, { recursive: true, mode: 0o700 });
    await write(files.plan, JSON.stringify(plan, undefined, 1));
    await write(files.state, 'building\n');
    // Last: a lab is known from here on.
    await write(files.lab, JSON.stringify(stored, undefined, 1));
  } catch (error) {
    await removeStored(lab.name);
    throw error;
  }
}

/** Store what a lab that was changed in place is now. */
export async function storeChange(
  { created, boot }: StoredLab,
  lab: Lab,
  plan: Plan,
  extra: LabExtra,
): Promise<void> {
  const files = labFiles(lab.name);
  const stored: StoredLab = { format: 1, lab, boot, created, extra };
  await write(files.plan, JSON.stringify(plan, undefined, 1));
  await write(files.lab, JSON.stringify(stored, undefined, 1));
  await setState(lab.name, 'up');
}

/** Store how far a lab got. */
export const setState = (name: string, state: BuildState): Promise<void> =>
  write(labFiles(name).state, `${state}\n`);

/** Store that a lab is being removed. A full disk does not stop that: the lab is then known by what is missing of it. */
export const setRemoving = (name: string): Promise<void> =>
  setState(name, 'removing').catch((error: unknown) => {
    if (!isNoRoom(error)) throw error;
  });

/** Forget a lab. */
export async function removeStored(name: string): Promise<void> {
  const { dir, lab } = labFiles(name);
  await rm(lab, { force: true });
  await rm(dir, { recursive: true, force: true });
}

/**
 * Write a file whole or not at all, and onto the disk.
 * @throws PatchlabError `host/no-room` where the disk is full
 */
async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    // Node names no path here.
    throw isNoSpace(error) ? noRoomFor(path, error) : error;
  }
}

const isNoSpace = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Is it that nothing more can be written? */
export const isNoRoom = (error: unknown): boolean =>
  isNoSpace(error) || (error instanceof PatchlabError && error.code === 'host/no-room');

/** The error for a file that a full disk keeps from being written. */
export const noRoomFor = (path: string, cause: unknown): PatchlabError =>
  new PatchlabError('host/no-room', {
    what: `${path} could not be written.`,
    why: messageOf(cause),
    cause,
  });
