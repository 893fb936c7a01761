import { z } from 'zod';
import { durationField, percentField, rateField } from './amounts.js';
import { IMPAIRMENT_KEYS, type ImpairmentKey } from './impairment.js';

/** Impairments as a topology has them. */

/** The fields of an impairment, as a file and the command line have them. */
export const impairmentFields = {
  delay: durationField.optional().describe('Time that each frame waits, such as `20ms`'),
  jitter: durationField
    .optional()
    .describe(
      'How much longer or shorter than `delay` that may be; each frame by itself, so that one may overtake another',
    ),
  loss: percentField.optional().describe('Share of frames that are thrown away, such as `10%`'),
  rate: rateField.optional().describe('Bits that leave in a second, such as `10Mbit`'),
  duplicate: percentField.optional().describe('Share of frames that are sent twice'),
  reorder: percentField
    .optional()
    .describe('Share of frames that do not wait for `delay`, and so come before others'),
  corrupt: percentField.optional().describe('Share of frames in which one bit is turned over'),
} satisfies Readonly<Record<ImpairmentKey, z.ZodType>>;

const ofOneEnd = z.strictObject(impairmentFields, {
  error: ({ code }) =>
    code === 'invalid_type'
      ? `write what one end does as a mapping, such as \`sw1:eth1: { delay: 20ms }\`; what all ends do has keys of ${IMPAIRMENT_KEYS.join(', ')}`
      : undefined,
});

/** The field that every link kind has: what all its ends do, and by its port what one of them does. */
export const impairField = z
  .object(impairmentFields)
  .catchall(ofOneEnd)
  .optional()
  .describe(
    'What becomes of frames that its ends send, each direction by itself: `{ delay: 20ms, loss: 10% }` for all ends, `{ sw1:eth1: { rate: 10Mbit } }` for one, which counts before what is said for all',
  );

/** The field as it is read. */
export type WrittenImpairments = z.output<typeof impairField>;
