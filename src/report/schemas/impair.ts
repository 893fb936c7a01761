import { z } from 'zod';
import { version } from './version.js';

/** What is done to frames that an end sends. */
export const impairment = z
  .strictObject({
    delay: z.number().optional().describe('Milliseconds'),
    jitter: z.number().optional().describe('Milliseconds'),
    loss: z.number().optional().describe('Of a hundred frames, as all shares are'),
    rate: z.number().optional().describe('Bits in a second'),
    duplicate: z.number().optional(),
    reorder: z.number().optional(),
    corrupt: z.number().optional(),
  })
  .describe('What becomes of frames that an end sends');

/** Result of `impair`. */
export const impairResult = z.strictObject({
  version,
  lab: z.string(),
  ends: z.array(
    z.strictObject({
      end: z.string(),
      link: z.string(),
      impairment: impairment.nullable().describe('As it is now; `null` for none'),
      file: impairment.nullable().describe('As the file of the lab has it'),
      changed: z.boolean().describe('`false` where it was so already, and with `--show`'),
    }),
  ),
  ms: z.number().describe('Milliseconds'),
});
