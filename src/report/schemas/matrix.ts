import { z } from 'zod';
import { FRAME_CLASSES } from '../../frames/classes.js';
import { version } from './version.js';

/** What `trace` and `matrix` print with `--json`. */

/** What the kernel says of a drop. */
export const testimony = z.strictObject({
  function: z.string().describe('Function of the kernel that freed the packet'),
  reason: z.string().nullable().describe('As the kernel names it; `null` where it does not'),
  device: z.string().describe('That had the frame last'),
});

const frameClass = z.enum(FRAME_CLASSES).describe('Class of the frame');

/** What a trace has beside the fields that it shares with a verdict of `verify`. */
export const traceFields = {
  version,
  lab: z.string(),
  class: frameClass,
  sent: z.string().describe('What was sent, in words'),
  arrived: z.boolean().nullable().describe('`null` where it could not be found out'),
  error: z.string().nullable().describe('Why it could not be found out'),
};

/** What a hop of a trace has beside the fields of a hop of a verdict. */
export const traceHopFields = {
  us: z
    .int()
    .nullable()
    .describe(
      'Microseconds since the first capture of the frame on the same `host`; clocks of two hosts cannot be compared',
    ),
  frame: z.string().nullable().describe('What it looked like there'),
};

/** The result of `matrix`. */
export const matrixResult = z.strictObject({
  version,
  kind: z.string().describe('Kind of the link'),
  ends: z.tuple([z.string(), z.string()]).describe('Kinds of the nodes at the two ends'),
  variants: z.array(
    z.strictObject({
      name: z.string(),
      fields: z.looseObject({}).describe('Fields of the link, as a topology has them'),
    }),
  ),
  classes: z.array(frameClass),
  cells: z.array(
    z.strictObject({
      variant: z.string(),
      class: frameClass,
      direction: z.enum(['forth', 'back']).describe('`forth` is from the first end to the second'),
      from: z.string(),
      to: z.string(),
      predicted: z.enum(['pass', 'drop', 'random']).describe('What the model says'),
      at: z.string().nullable().describe('Hop that drops it, or may drop it, by the model'),
      reason: z.string().nullable(),
      remedy: z.string().nullable(),
      source: z.string().nullable(),
      observed: z.enum(['pass', 'drop', 'unknown']).describe('What the captures saw'),
      lastSeen: z.string().nullable().describe('Last hop that saw it, where it was lost'),
      firstMissed: z.string().nullable(),
      kernel: testimony.nullable().describe('What the kernel itself says of the loss'),
      differs: z.boolean().describe('Something else happened than was predicted'),
      note: z.string().nullable().describe('What differs, or why it is not known'),
    }),
  ),
  differences: z.int().describe('Cells that differ'),
  unknown: z.int().describe('Cells of which nothing is known'),
  ms: z.number().describe('Milliseconds'),
});
