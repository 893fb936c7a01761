import { endAllUnfinished } from '../guests/make-state.js';
import { PatchlabError } from '../errors.js';
import type { OnEvent } from './events.js';
import { withHosts, withLab } from './session.js';
import { readStored, unknownLab } from './state.js';
import { teardown, teardownError } from './teardown.js';

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
 * Remove a lab, also one that is half-built, whose builder was killed, or that a reboot has taken away.
 * @throws PatchlabError `lab/busy`, `lab/unknown`, `apply/left` and `apply/foreign`; the first with the others attached
 */
export async function down(name: string, options: DownOptions = {}): Promise<DownResult> {
  if (!(await readStored(name))) {
    if (options.mustExist) throw unknownLab(name);
    return { changed: false };
  }
  return withLab(name, async (stored) => {
    // Another patchlab may have removed it in the meantime.
    if (!stored) return { changed: false };
    const result = await withHosts(stored.plan, (hosts) => teardown(name, { ...options, hosts }));
    // A killed `up` may have been about to store a guest. Where libvirt does not answer, `up` or `prune` ends it later.
    await endAllUnfinished().catch(ifUnreachable);
    const error = teardownError(result);
    if (error) throw error;
    return { changed: true };
  });
}

function ifUnreachable(error: unknown): void {
  if (!(error instanceof PatchlabError && error.code === 'libvirt/unreachable')) throw error;
}
