import { existsSync } from 'node:fs';
import { openHosts, type LabHosts } from './hosts/index.js';
import { takeLock } from './lock.js';
import { readStored } from './read-stored.js';
import { labFiles, makeStateDir, removeEmptyStateDir, type Stored } from './state.js';

/**
 * Change a lab: hold its lock, read what is stored about it, and leave no empty folder behind.
 * @throws PatchlabError `lab/busy`, `lab/state`, `lab/unknown` for what cannot be a lab's name
 */
export const withLab = <T>(
  name: string,
  use: (stored: Stored | undefined) => Promise<T>,
): Promise<T> => withLock(name, async () => use(await readStored(name)));

/**
 * Hold the lock of a lab, whatever is stored about it. Its file stays as long as the lab does: removing a lab needs no
 * room for a new one.
 * @throws PatchlabError `lab/busy`, `lab/unknown` for what cannot be a lab's name
 */
export async function withLock<T>(name: string, use: () => Promise<T>): Promise<T> {
  const files = labFiles(name);
  await makeStateDir();
  const lock = await takeLock(files.lock, name);
  try {
    return await use();
  } finally {
    lock.release(existsSync(files.dir));
    await removeEmptyStateDir();
  }
}

/** Use the hosts of a lab, and close them whatever happens. */
export async function withHosts<T>(
  lab: Parameters<typeof openHosts>[0],
  use: (hosts: LabHosts) => Promise<T>,
): Promise<T> {
  const hosts = openHosts(lab);
  try {
    return await use(hosts);
  } finally {
    await hosts.close();
  }
}
