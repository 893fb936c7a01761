import { z } from 'zod';
import { version } from './version.js';

/** What `patchlab logs --json` prints. */
export const logsResult = z.strictObject({
  version,
  node: z.string(),
  logs: z.array(
    z.strictObject({
      program: z
        .string()
        .describe(
          'Its name in the file; `console` for that of a guest, `container` for that of a container',
        ),
      path: z
        .string()
        .describe(
          'Where it is, on this machine or in the guest; of a container its engine and name',
        ),
      lines: z.array(z.string()).describe('The last of them'),
    }),
  ),
});
