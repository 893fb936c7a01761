import { existsSync } from 'node:fs';
import { endAllUnfinished } from '../guests/make-state.js';
import { PatchlabError } from '../errors.js';
import type { OnEvent } from './events.js';
import { readMarks } from './marks.js';
import { sweepScratch } from './scratch.js';
import { withHosts, withLock } from './session.js';
import { sweepLocks } from './stale-locks.js';
import { labFiles, unknownLab } from './state.js';
import { teardown } from './teardown.js';
import { teardownError } from './teardown-error.js';

export interface DownOptions {
  readonly onEvent?: OnEvent | undefined;
  readonly concurrency?: number | undefined;
  /** Raise `lab/unknown` where no such lab is up: the user gave a name, and may have mistyped it. */
  readonly mustExist?: boolean | undefined;
}

export interface DownResult {
  /** False where there was nothing to remove. */
  readonly changed: boolean;
}

/**
 * Remove a lab, also one that is half-built, whose builder was killed, that a reboot has taken away, or of which what is
 * stored is damaged or gone: then by the marks on this host.
 * @throws PatchlabError `lab/busy`, `lab/unknown`, `apply/left` and `apply/foreign`; the first with the others attached
 */
export async function down(name: string, options: DownOptions = {}): Promise<DownResult> {
  // Whatever comes of it, what killed processes have left goes.
  sweepScratch();
  await sweepLocks();
  if (!(await isKnown(name))) {
    if (options.mustExist) throw unknownLab(name);
    return { changed: false };
  }
  return withLock(name, async () => {
    // Another patchlab may have removed it in the meantime.
    if (!(await isKnown(name))) return { changed: false };
    const result = await withHosts(NO_GUESTS, (hosts) => teardown(name, { ...options, hosts }));
    // A killed `up` may have been about to store a guest. Where libvirt does not answer, `up` or `prune` ends it later.
    await endAllUnfinished().catch(ifUnreachable);
    const error = teardownError(result);
    if (error) throw error;
    return { changed: true };
  });
}

/** Nothing is done inside guests: that goes with them. */
const NO_GUESTS = { domains: [] };

/** Is there anything of the lab, in the state folder or on this host? */
async function isKnown(name: string): Promise<boolean> {
  if (existsSync(labFiles(name).dir)) return true;
  const marks = await withHosts(NO_GUESTS, ({ libvirt }) => readMarks(libvirt, name));
  return marks.found.length > 0;
}

function ifUnreachable(error: unknown): void {
  if (!(error instanceof PatchlabError && error.code === 'libvirt/unreachable')) throw error;
}
