import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { PatchlabError } from '../errors.js';

/** Files of locks, which only their owner can open. */

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Open the file of a lock, made where it is missing. The folder is made for the owner alone; those above it are not. */
export function openOrMake(path: string): number {
  const folder = dirname(path);
  for (let tries = 10; ; tries -= 1) {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' && codeOf(error) !== 'ENOENT') throw error;
    }
    const fd = openOwn(path, constants.O_RDWR | constants.O_CREAT);
    if (fd !== undefined) return fd;
    // Another process has just removed the folder, as it does when it was the last lab.
    if (tries === 0) throw notOurs(path, 'it is removed again and again');
  }
}

/**
 * Open a file that nobody else can open: with a foreign one, whoever owns it decides who has the lock, and what is read.
 * @returns nothing where there is none
 * @throws PatchlabError `lab/state` where it is not so
 */
export function openOwn(path: string, flags: number): number | undefined {
  let fd: number;
  try {
    const folder = lstatSync(dirname(path));
    if (!folder.isDirectory() || !isPrivate(folder)) throw notOurs(dirname(path), WRITABLE);
    fd = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP') throw notOurs(path, 'it is a symbolic link');
    throw error;
  }
  const stat = fstatSync(fd);
  if (stat.isFile() && isPrivate(stat) && stat.nlink <= 1) return fd;
  closeSync(fd);
  throw notOurs(path, WRITABLE);
}

const WRITABLE = 'another user owns it or can write to it';

const isPrivate = ({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean =>
  uid === process.geteuid?.() && (mode & 0o022) === 0;

const notOurs = (path: string, why: string): PatchlabError =>
  new PatchlabError('lab/state', {
    what: `${path} cannot be a lock of patchlab.`,
    why,
    fix: 'Remove it, or name another state folder with PATCHLAB_STATE; find out who put it there.',
  });

/** Is what is open still what has the path? */
export function isSame(fd: number, path: string): boolean {
  const [own, there] = [fstatSync(fd), lstatSync(path, { throwIfNoEntry: false })];
  return there?.ino === own.ino && there.dev === own.dev;
}
