import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandFailed } from '../apply/command.js';
import type { Host } from '../apply/hosts/define.js';
import { PatchlabError } from '../errors.js';

/** Program of an image that makes a guest of its own out of a stored one: `templates/guests/`. */
const RESUME = '/usr/lib/patchlab/resume';

/** Milliseconds for it; it takes some hundred. */
const LIMIT = 20_000;

/** Milliseconds until the agent is asked again. */
const PAUSE = 5;

/**
 * Tell a guest that has started from a stored state who it is: fresh randomness, clock, name, machine id, and its
 * NICs, which are driven and up only now. That it has done so, and that each NIC has the address that the
 * domain gives it, is the proof that the guest is alive and the right one.
 * @param identity - words as on the kernel's command line
 * @throws PatchlabError `command/failed`, `command/timeout`, `guest/agent`
 */
export async function resume(
  guest: Host,
  identity: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const end = performance.now() + LIMIT;
  for (;;) {
    try {
      const result = await guest.run({
        argv: [RESUME, String(Math.round(Date.now() / 1000)), ...identity],
        input: `${randomBytes(64).toString('hex')}\n`,
        timeout: LIMIT,
        signal,
      });
      if (result.exitCode === 0) return;
      throw commandFailed(result);
    } catch (error) {
      if (!isTooEarly(error) || performance.now() > end) throw error;
    }
    await sleep(PAUSE, undefined, { ...(signal && { signal }) });
  }
}

/** libvirt has not heard yet that the agent's channel is open, and has sent nothing. */
const isTooEarly = (error: unknown): boolean =>
  error instanceof PatchlabError && /agent is not connected/.test(error.why ?? '');
