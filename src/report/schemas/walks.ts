import { z } from 'zod';
import { FRAME_CLASSES, SPOKEN_CLASSES } from '../../frames/classes.js';

const cause = { reason: z.string(), remedy: z.string(), source: z.string() };

const chance = z
  .strictObject({
    probability: z.number().nullable().describe('`null` where nobody knows'),
    ...cause,
  })
  .nullable()
  .describe('What decides whether it goes on; `null` where that is certain');

/** A hop that a frame comes to, with all that becomes of it there. */
const walkNode = z.strictObject({
  label: z.string(),
  kind: z.string(),
  stack: z.string(),
  device: z.string().describe('Empty for an IP stack'),
  frame: z
    .strictObject({
      src: z.string(),
      dst: z.string(),
      etherType: z.int().nullable().describe('`null` for a frame with LLC'),
      vlans: z.array(z.int()).describe('Tags, from the outside in'),
      text: z.string().describe('The frame in a line'),
    })
    .describe('The frame as it is here'),
  chance,
  ends: z
    .array(
      z.strictObject({
        end: z
          .enum(['delivery', 'drop', 'nobody', 'copy', 'loop'])
          .describe(
            '`delivery`: the stack of the device takes it; `nobody`: there is no one to hand it to; `copy`: `to` has had another copy; `loop`: and from there it goes round for ever',
          ),
        to: z.string().nullable().describe('`null` for the stack of the device'),
        cause: z.strictObject(cause).nullable().describe('Of a drop'),
        chance,
      }),
    )
    .describe('Branches that end here'),
  get children() {
    return z.array(walkNode).describe('Where it comes next');
  },
});

/** One frame of `predict --from`, with everywhere that it comes to. */
export const predictedWalk = z.strictObject({
  name: z.string().describe('What it is: `ARP request`'),
  class: z.enum([...FRAME_CLASSES, ...SPOKEN_CLASSES]),
  from: z.string(),
  to: z.string().nullable().describe('`null` where `--to` was not given'),
  way: z.array(z.string()).nullable().describe('Labels of the hops from `from` to `to`'),
  outcome: z
    .enum(['pass', 'drop', 'random'])
    .nullable()
    .describe('Whether it arrives at `to`; `random`: by chance'),
  at: z.string().nullable().describe('Hop where it dies, or may die'),
  tree: walkNode,
});
