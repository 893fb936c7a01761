import { chmod, chown, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../apply/command.js';
import { libvirtUri } from '../apply/libvirt.js';
import { awaitLock, isLocked, tryLock } from '../apply/lock.js';
import { cacheFolder, openFolder } from './cache.js';
import { memoryOf } from './memory-file.js';
import type { Work } from './packages.js';
import { shapeKey, type Shape } from './shape.js';
import {
  locateState,
  seal,
  sha256,
  stateIn,
  statesFolder,
  UNFINISHED,
  type StateManifest,
  type StoredState,
} from './states.js';
import { endTemplate, storeGuest } from './store.js';

/** What a state in the making is locked by. Beside the states, and not among them: their folder may be anybody's to read. */
const lockOf = (key: string): string => join(cacheFolder(), 'locks', key);

/**
 * The state of a shape, made first where it is missing or damaged: a guest is booted and stored. Of several
 * who want the same one makes it, and the others wait.
 * @throws PatchlabError, what libvirt and the agent raise; what the file system raises
 */
export async function ensureState(shape: Shape, work: Work = {}): Promise<StoredState> {
  const found = await locateState(shape);
  if (found) return found;
  const key = shapeKey(shape);
  const lock = await awaitLock(lockOf(key), work.signal);
  try {
    const made = await locateState(shape);
    if (made) return made;
    work.onProgress?.(`booting ${shape.guest} once, to start guests of its shape from its state`);
    return await makeState(shape, work);
  } finally {
    lock.release();
  }
}

async function makeState(shape: Shape, work: Work): Promise<StoredState> {
  const state = stateIn(shapeKey(shape));
  const fresh = stateIn(state.key, `${state.folder}${UNFINISHED}`);
  await endUnfinished(state.key);
  try {
    await openFolder(fresh.folder);
    await makeMemory(fresh.memory, memoryOf(shape.xml));
    await storeGuest(state.key, shape.xml, fresh, work);
    const sums = { memory: await sha256(fresh.memory), devices: await sha256(fresh.devices) };
    const manifest: StateManifest = { shape, sha256: sums, stored: new Date().toISOString() };
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    await writeFile(join(fresh.folder, 'manifest.json'), text);
    await rm(state.folder, { recursive: true, force: true });
    await rename(fresh.folder, state.folder);
    await seal(state);
    return state;
  } finally {
    await rm(fresh.folder, { recursive: true, force: true });
  }
}

/** The memory file, all holes. QEMU must be able to write to it: it opens it so, though clones map it privately. */
async function makeMemory(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  await file.truncate(bytes);
  await file.close();
  // The user as whom libvirt runs domains: https://libvirt.org/formatcaps.html, `secmodel`
  const { stdout } = await runCommand(['virsh', '-q', '-c', libvirtUri(), 'capabilities'], {
    timeout: 20_000,
  });
  const [, uid = '0', gid = '0'] = /<baselabel type='\w+'>\+(\d+):\+(\d+)</.exec(stdout) ?? [];
  await chown(path, Number(uid), Number(gid));
  await chmod(path, 0o600);
}

/** End what was begun of a state by a patchlab that was killed; the caller holds the lock. */
async function endUnfinished(key: string): Promise<void> {
  const folder = `${stateIn(key).folder}${UNFINISHED}`;
  if (!(await stat(folder).catch(() => undefined))) return;
  await endTemplate(key);
  await rm(folder, { recursive: true, force: true });
}

/** Keys of the states in the making, whether somebody makes them or not. */
const keysInMaking = async (): Promise<readonly string[]> =>
  (await readdir(statesFolder()).catch(() => []))
    .filter((name) => name.endsWith(UNFINISHED))
    .map((name) => name.slice(0, -UNFINISHED.length));

/** Keys of the states in the making whose patchlab was killed. */
export async function unfinishedStates(): Promise<readonly string[]> {
  const keys = await keysInMaking();
  const held = await Promise.all(keys.map((key) => isLocked(lockOf(key))));
  return keys.filter((_, index) => held[index] === false);
}

/** End every state in the making whose patchlab was killed. @returns their keys */
export async function endAllUnfinished(): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const key of await keysInMaking()) {
    const lock = await tryLock(lockOf(key));
    if (!lock) continue;
    try {
      await endUnfinished(key);
      ended.push(key);
    } finally {
      lock.release();
    }
  }
  return ended;
}
