import type { CauseKind } from './define.js';

/** A guest that is paused, shut off or crashed: virsh(1) domstate. */
export const guest: CauseKind = {
  name: 'guest',
  doc: 'A guest at the end of the way does not run.',
  find({ leg: { path }, lastSeen, gone, stackOf }) {
    const at = path
      .slice(lastSeen + 1)
      .find((hop) => hop.kind === 'nic' && gone.has(hop.id) && !stackOf(hop));
    if (!at) return undefined;
    return {
      at,
      reason: gone.get(at.id) ?? '',
      remedy: 'Let it run (`virsh resume DOMAIN`), or build the lab anew: `patchlab up`.',
      source: 'virsh(1) domstate',
    };
  },
};
