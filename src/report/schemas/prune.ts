import { z } from 'zod';
import { version } from './version.js';

/** What `prune` has found, and whether it has removed it. */
export const pruneResult = z.strictObject({
  version,
  leftovers: z.array(
    z.strictObject({
      kind: z.enum(['folder', 'lab', 'lock', 'process', 'trace', 'unfinished']),
      what: z.string(),
      name: z.string(),
      why: z.string().describe('Why it is taken for what patchlab has left'),
    }),
  ),
  removed: z.boolean(),
});
