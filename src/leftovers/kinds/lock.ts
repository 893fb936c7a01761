import { staleLocks, sweepLocks } from '../../apply/stale-locks.js';
import { labFiles } from '../../apply/state.js';
import { defineLeftover } from '../define.js';

/** Files of locks of labs that are not there: whoever held them was killed. */
export const lock = defineLeftover({
  kind: 'lock',
  find: async () =>
    (await staleLocks()).map((lab) => ({
      ...{ what: 'lock', name: labFiles(lab).lock },
      why: `no lab ${lab} is known, and nobody holds it`,
    })),
  remove: sweepLocks,
});
