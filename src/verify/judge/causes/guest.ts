import { isOnMachine } from '../../../where.js';
import type { CauseKind, Incident } from './define.js';

/** A guest that is paused, shut off or crashed: virsh(1) domstate. */
export const guest: CauseKind<Incident> = {
  name: 'guest',
  doc: 'A guest on the way does not run.',
  find({ path, lastSeen, firstMissed, gone, stackOf }) {
    // With a guest its devices on the host go: the first that missed the frame may be the one before it.
    const at = path
      .slice(lastSeen + 1, firstMissed + 2)
      .find((hop) => !isOnMachine(hop.where) && gone.has(hop.id) && !stackOf(hop));
    if (!at) return undefined;
    return {
      at,
      reason: gone.get(at.id) ?? '',
      remedy: 'Let it run (`virsh resume DOMAIN`), or build the lab anew: `patchlab up`.',
      source: 'virsh(1) domstate',
    };
  },
};
