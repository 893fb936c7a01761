import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, readSync, unlinkSync, writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { PatchlabError } from '../errors.js';
import { commandMissing } from './command.js';
import { isSame, openOrMake, openOwn } from './lock-file.js';

/**
 * Locks are files that only their owner can open, taken with flock(2). The kernel frees one when the last descriptor
 * of its opening is closed, so with its process, kill -9 included: no lock is ever stale. Node has no call for it;
 * flock(1) takes the lock on a descriptor that it inherits, and the lock stays with ours when that program has ended.
 */

/** A lock that is held until it is released, or until its process ends in whatever way. */
export interface Lock {
  /** @param keep - leave the file, for whoever comes next and may have no room for a new one */
  release(keep?: boolean): void;
}

/** How long to wait for a lock: at most some seconds, or until a signal breaks it off. */
type Patience = { readonly seconds: number } | { readonly signal: AbortSignal | undefined };

/** Seconds after which a lock counts as held: whoever only looks at one has it for milliseconds. */
const GLANCE = 0.3;
/** Octets of the holder's process id in its file: always as many, so that it is written in place. */
const PID_LENGTH = 16;
/** Exit code of flock(1) for a lock that another holds. */
const HELD = 1;

/**
 * Take the lock of a lab.
 * @param path - the file of the lock
 * @throws PatchlabError `lab/busy` where another process holds it, `lab/state` where its file may be another user's
 */
export async function takeLock(path: string, lab: string): Promise<Lock> {
  const lock = await tryLock(path);
  if (lock) return lock;
  const holder = holderOf(path);
  throw new PatchlabError('lab/busy', {
    what: `Lab \`${lab}\` is being built or removed by ${holder === undefined ? 'another process' : `process ${holder}`}.`,
  });
}

/** Take a lock, unless somebody holds it. @param path - the file of the lock */
export const tryLock = (path: string): Promise<Lock | undefined> =>
  acquire(path, { seconds: GLANCE });

/** Take a lock, as soon as nobody else holds it. @throws the reason of the signal when it is aborted */
export async function awaitLock(path: string, signal?: AbortSignal): Promise<Lock> {
  for (;;) {
    const lock = await acquire(path, { signal });
    if (lock) return lock;
  }
}

/** Hold a lock together with others who share it, as soon as nobody has it alone. @throws the reason of the signal when it is aborted */
export async function shareLock(path: string, signal?: AbortSignal): Promise<Lock> {
  const fd = await flocked(path, ['-s'], signal);
  // The file stays: others may share it.
  return fd === undefined ? shareLock(path, signal) : { release: () => closeSync(fd) };
}

/** Is the lock held? Costs a process only where its file names a holder. */
export async function isLocked(path: string): Promise<boolean> {
  const fd = openOwn(path, constants.O_RDONLY);
  if (fd === undefined) return false;
  try {
    return pidIn(fd) !== undefined && !(await flock(fd, ['-s', '-n'], undefined));
  } finally {
    closeSync(fd);
  }
}

async function acquire(path: string, patience: Patience): Promise<Lock | undefined> {
  const signal = 'signal' in patience ? patience.signal : undefined;
  const limit = 'seconds' in patience ? ['-w', String(patience.seconds)] : [];
  const fd = await flocked(path, ['-x', ...limit], signal);
  if (fd === undefined) return undefined;
  note(fd, String(process.pid));
  let held = true;
  return {
    release(keep = false) {
      if (!held) return;
      held = false;
      if (keep) note(fd, '');
      else unlinkSync(path);
      closeSync(fd);
    },
  };
}

/** Open the file of a lock and take the lock. @returns nothing where another holds it */
async function flocked(
  path: string,
  options: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const fd = openOrMake(path);
    let taken = false;
    try {
      if (!(await flock(fd, options, signal))) return undefined;
      // Whoever had it may have removed the file meanwhile: then it is a lock on nothing.
      taken = isSame(fd, path);
    } finally {
      if (!taken) closeSync(fd);
    }
    if (taken) return fd;
  }
}

/** @returns false where another holds it */
async function flock(
  fd: number,
  options: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  // Descriptor 3 of the program is ours.
  const program = spawn('flock', [...options, '3'], {
    stdio: ['ignore', 'ignore', 'pipe', fd],
    ...(signal && { signal }),
  });
  const why = program.stderr ? text(program.stderr) : '';
  const [code, killed] = await (once(program, 'close') as Promise<[number | null, string | null]>)
    // Where that is why it did not run, it is the reason.
    .catch((error: unknown) => {
      signal?.throwIfAborted();
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? commandMissing('flock') : error;
    });
  signal?.throwIfAborted();
  if (code === 0) return true;
  if (code === HELD) return false;
  throw new PatchlabError('command/failed', {
    what: `flock(1) ended with ${code ?? killed ?? 'an error'}.`,
    why: await why,
  });
}

/** Say in the file who holds it. It is for people: a full disk does not keep the lock from being held. */
function note(fd: number, pid: string): void {
  try {
    writeSync(fd, `${pid.padEnd(PID_LENGTH - 1)}\n`, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** The process that the file of a lock names: a number and nothing else, whatever the file holds. */
function pidIn(fd: number): string | undefined {
  const bytes = Buffer.alloc(PID_LENGTH);
  const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, PID_LENGTH, 0));
  return /^(\d+)\s*$/.exec(text)?.[1];
}

function holderOf(path: string): string | undefined {
  const fd = openOwn(path, constants.O_RDONLY);
  if (fd === undefined) return undefined;
  try {
    return pidIn(fd);
  } finally {
    closeSync(fd);
  }
}
