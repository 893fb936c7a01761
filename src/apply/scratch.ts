import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, PatchlabError } from '../errors.js';

/**
 * Folders that last as long as the process that made them. Their names say which that is, so that those of a process
 * that was killed can be told from those in use.
 */

/** Where the pipes of programs are: in memory, and nobody else's to write to. */
const runFolder = (): string => process.env.PATCHLAB_RUN ?? '/run';

/** A folder in memory on this machine, for what captures write: shm_overview(7). */
export const MEMORY = '/dev/shm';

const NAME = /^patchlab(?:-verify)?-(\d+)-(\d+)-(\d+)-/;

/** Begins the name of a folder that this process makes. */
export const scratchName = (what: 'patchlab' | 'patchlab-verify'): string =>
  `${what}-${pidNamespace()}-${process.pid}-${startOf('self') ?? '0'}-`;

/** When a process was started, in ticks since boot: proc_pid_stat(5), field 22. Nothing where there is none. */
export function startOf(pid: number | string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field may hold anything, and ends with the last parenthesis.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The number of this process's namespace of process ids: pid_namespaces(7). */
export const pidNamespace = (): string => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';

/**
 * Make a folder for this process.
 * @param big - it may become too big for memory
 * @throws PatchlabError `host/no-room` with what each place said
 */
export function makeScratch(big = false): string {
  const name = scratchName('patchlab');
  const refusals: string[] = [];
  for (const place of new Set(big ? [tmpdir()] : [runFolder(), tmpdir()])) {
    try {
      return mkdtempSync(join(place, name));
    } catch (error) {
      refusals.push(messageOf(error));
    }
  }
  throw new PatchlabError('host/no-room', {
    what: 'There is no place for temporary files.',
    why: refusals.join('; '),
  });
}

/** Is it the name of a folder that a process has made which has ended? Of those that may run in another namespace nobody can tell. */
export function isOfDead(name: string): boolean {
  const [, namespace, pid = '', start] = NAME.exec(name) ?? [];
  return namespace === pidNamespace() && startOf(pid) !== start;
}

/** The folders that killed processes have left; none of another user. */
export const staleScratch = (): readonly string[] =>
  [...new Set([runFolder(), tmpdir(), MEMORY])].flatMap((place) =>
    entriesOf(place)
      .filter(isOfDead)
      .map((entry) => join(place, entry))
      .filter((path) => {
        const stat = lstatSync(path, { throwIfNoEntry: false });
        return stat?.isDirectory() === true && stat.uid === process.geteuid?.();
      }),
  );

/** Remove the folders that killed processes have left. What cannot be removed stays. */
export function sweepScratch(): void {
  for (const path of staleScratch()) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process is removing it right now.
    }
  }
}

function entriesOf(place: string): readonly string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}
