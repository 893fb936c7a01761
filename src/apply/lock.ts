import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PatchlabError } from '../errors.js';
import { bootId, processStart } from './process.js';

interface Holder {
  readonly pid: number;
  readonly start: string | undefined;
  readonly boot: string;
}

export interface Lock {
  release(): Promise<void>;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Take the lock of a lab. One whose holder has died, be it by kill -9 or by a reboot, is taken over.
 * @throws PatchlabError `lab/busy` where its holder lives
 */
export async function takeLock(path: string, lab: string): Promise<Lock> {
  const own = JSON.stringify(await self());
  for (;;) {
    if (await make(path, own)) return { release: () => rm(path, { force: true }) };
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parse(text);
    if (holder && (await lives(holder))) {
      throw new PatchlabError('lab/busy', {
        what: `Lab \`${lab}\` is being built or removed by process ${holder.pid}.`,
      });
    }
    await removeStale(path, text);
  }
}

/** Is the lock held by a process that lives? */
export async function isLocked(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : parse(text);
  return holder !== undefined && lives(holder);
}

const self = async (): Promise<Holder> => ({
  pid: process.pid,
  start: await processStart(process.pid),
  boot: await bootId(),
});

const lives = async ({ pid, start, boot }: Holder): Promise<boolean> =>
  boot === (await bootId()) && start !== undefined && (await processStart(pid)) === start;

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Make the file with its whole text, or tell that it is there: link(2) never replaces. */
async function make(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(draft, 'w');
    await file.writeFile(text);
    await file.close();
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // The folder went away: another lab was removed, and the folder was empty for a moment.
    if (codeOf(error) === 'ENOENT') return await make(path, text);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Remove a stale lock, but give back one that another process has taken over in the meantime. */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await link(aside, path).catch(() => undefined);
  await unlink(aside);
}
