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

/** Captures keep their files here: see verify/capture/session.ts. They end by themselves long before this time is over. */
const CAPTURES = { folder: '/dev/shm', name: /^patchlab-verify\./, age: 3_600_000 } as const;

const NAME = /^patchlab-(\d+)-(\d+)-(\d+)-/;

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
const pidNamespace = (): string => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';

/**
 * Make a folder for this process.
 * @param big - it may become too big for memory
 * @throws PatchlabError `host/no-room` with what each place said
 */
export function makeScratch(big = false): string {
  const name = `patchlab-${pidNamespace()}-${process.pid}-${startOf('self') ?? '0'}-`;
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

/** Remove the folders that killed processes have left. What cannot be removed stays, and nothing of another user is touched. */
export function sweepScratch(): void {
  const own = pidNamespace();
  for (const place of new Set([runFolder(), tmpdir()])) {
    sweep(place, (entry) => {
      const [, namespace, pid = '', start] = NAME.exec(entry) ?? [];
      return namespace === own && startOf(pid) !== start;
    });
  }
  const dead = Date.now() - CAPTURES.age;
  sweep(CAPTURES.folder, (entry, path) => CAPTURES.name.test(entry) && mtimeOf(path) < dead);
}

const mtimeOf = (path: string): number => lstatSync(path).mtimeMs;

function sweep(place: string, isStale: (entry: string, path: string) => boolean): void {
  for (const entry of entriesOf(place)) {
    const path = join(place, entry);
    try {
      if (!isStale(entry, path)) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory() && stat.uid === process.geteuid?.())
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
