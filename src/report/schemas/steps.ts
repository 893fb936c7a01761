import { z } from 'zod';
import { version } from './version.js';

/** What is done to the cables of a lab that is up. */

const ms = z.number().describe('Milliseconds');

/** Of `cut` and `plug`. */
export const pluggingResult = z.strictObject({
  version,
  lab: z.string(),
  links: z.array(
    z.strictObject({
      link: z.string(),
      state: z.enum(['cut', 'plugged']),
      changed: z.boolean().describe('`false` where it was so already'),
    }),
  ),
  ms,
});

/** What `verify` did between two checks. */
export const stepResult = z.strictObject({
  do: z.enum(['cut', 'plug']),
  links: z.array(z.string()),
  after: z.int().describe('How many verdicts come before it'),
  ms,
  pings: z
    .strictObject({
      from: z.string(),
      to: z.string(),
      sent: z.int(),
      lost: z.int(),
      gap: z
        .number()
        .nullable()
        .describe(
          'Longest time between two answers, in milliseconds; `null` where none came any more',
        ),
      within: z
        .number()
        .nullable()
        .describe('The most that it may be; `null` where the file does not say'),
      predicted: z.enum(['pass', 'blocked', 'random']).describe('Are they answered afterwards?'),
    })
    .nullable()
    .describe('Pings that ran across it'),
  outcome: z.enum(['pass', 'fail', 'error']),
  message: z.string(),
});
