import { z } from 'zod';
import { version } from './version.js';

const trouble = z.strictObject({ hop: z.string(), why: z.string() });

/** What `capture` prints with `--json`: an object a line. */
export const captureResult = z
  .union([
    z.strictObject({
      version,
      event: z.literal('begin').describe('Every hop is captured on: what is sent now is seen'),
      lab: z.string(),
      hops: z.array(z.string()).describe('Labels of the hops that are captured on'),
    }),
    z.strictObject({
      version,
      event: z.literal('frame'),
      time: z.number().describe('Seconds since the epoch, by the clock of this machine'),
      hop: z.string().describe('Its label'),
      stack: z.string().describe('A node, NODE/NAMESPACE, or `@host`, this machine'),
      device: z.string(),
      class: z.string().nullable().describe('`null` for a frame of no class that is told apart'),
      src: z.string(),
      dst: z.string(),
      etherType: z.int().nullable().describe('`null` for a frame with LLC'),
      vlans: z.array(z.int()).describe('Tags, from the outside in'),
      length: z.int().describe('Octets that it had on the wire'),
      text: z.string().describe('The frame in a line'),
    }),
    z.strictObject({
      version,
      event: z.literal('end'),
      lab: z.string(),
      hops: z.array(z.string()).describe('Labels of the hops that were captured on'),
      frames: z.int().describe('How many were given'),
      late: z
        .int()
        .describe('How many stand behind younger ones, because they took too long to come'),
      gone: z
        .array(trouble)
        .describe('Hops where nothing could be captured, as no frame can be there'),
      incomplete: z
        .array(trouble)
        .describe(
          'Hops that were not captured on, or not to the end, or whose captures missed frames',
        ),
    }),
  ])
  .describe('An object a line: one when it listens, one for each frame, one at the end');
