import { existsSync, readdirSync } from 'node:fs';
import { isLocked } from './lock.js';
import { withLock } from './session.js';
import { isLabName, labFiles, locksDir } from './state.js';

/** Labs of which a lock is there and nothing else, and that nobody holds: whoever did was killed. */
export async function staleLocks(): Promise<readonly string[]> {
  const labs = namesIn(locksDir()).filter(
    (name) => isLabName(name) && !existsSync(labFiles(name).dir),
  );
  const held = await Promise.all(labs.map((lab) => isLocked(labFiles(lab).lock)));
  return labs.filter((_, index) => held[index] === false);
}

/** Remove the files of such locks, as whoever releases one does. */
export async function sweepLocks(): Promise<void> {
  for (const lab of await staleLocks())
    // Somebody may have taken it meanwhile, and removes it later.
    await withLock(lab, () => Promise.resolve()).catch(() => undefined);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
