import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../errors.js';

/** A lock that is held until it is released, or until its process ends in whatever way. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Abstract socket of a lock: unix(7). The kernel lets one process listen on it and frees it with that
 * process, kill -9 included, so a lock is never stale.
 */
const addressOf = (name: string): string => `\0patchlab${name}`;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Take the lock of a lab.
 * @param name - what is locked, the path of the lab's folder
 * @throws PatchlabError `lab/busy` where another process holds it
 */
export async function takeLock(name: string, lab: string): Promise<Lock> {
  const lock = await tryLock(name);
  if (lock) return lock;
  throw new PatchlabError('lab/busy', {
    what: `Lab \`${lab}\` is being built or removed by process ${(await holderOf(name)) ?? '(just ended)'}.`,
  });
}

/** Milliseconds between two tries to take a lock. */
const PAUSE = 100;

/** Take a lock, as soon as nobody else holds it. */
export async function awaitLock(name: string, signal?: AbortSignal): Promise<Lock> {
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryLock(name);
    if (lock) return lock;
    await sleep(PAUSE, undefined, { ...(signal && { signal }) });
  }
}

/** Take a lock, unless somebody holds it. @param name - what is locked, a path */
export async function tryLock(name: string): Promise<Lock | undefined> {
  const server = createServer((socket) => socket.end(String(process.pid)));
  server.unref();
  try {
    const listening = once(server, 'listening');
    server.listen({ path: addressOf(name) });
    await listening;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Is the lock held? */
export const isLocked = async (name: string): Promise<boolean> =>
  (await holderOf(name)) !== undefined;

/** The process that holds a lock. */
async function holderOf(name: string): Promise<string | undefined> {
  const socket = connect({ path: addressOf(name) });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED') return undefined;
    throw error;
  }
}
