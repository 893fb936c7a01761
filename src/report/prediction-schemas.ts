import { z } from 'zod';
import { FRAME_CLASSES } from '../frames/classes.js';

const frameClass = z.enum(FRAME_CLASSES);

/** One direction between two places, as `predict` prints it. */
export const predictedPair = z.strictObject({
  from: z.string(),
  to: z.string(),
  link: z.string().nullable().describe('The link whose cable it is; `null` for any other way'),
  path: z.array(z.string()).describe('Labels of the hops, both ends included'),
  hears: z.array(frameClass).describe('Classes that arrive'),
  lost: z
    .array(
      z.strictObject({
        class: frameClass,
        outcome: z.enum(['drop', 'random']).describe('`random`: by chance, which no file decides'),
        at: z.string().describe('Label of the hop where it dies'),
        reason: z.string(),
        remedy: z.string(),
        source: z.string(),
      }),
    )
    .describe('Classes that do not, or not for sure'),
});

const cause = { reason: z.string(), remedy: z.string(), source: z.string() };

const chance = z
  .strictObject({ probability: z.number(), ...cause })
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
  class: frameClass,
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

const variant = { kind: z.string(), variant: z.string() };

/** Text of a file that holds, and is mostly a slip, as `plan` and `predict` print it. */
const warnings = z
  .array(
    z.looseObject({
      what: z.string(),
      why: z.string(),
      fix: z.string(),
      path: z.array(z.union([z.string(), z.number()])),
    }),
  )
  .describe('What holds in the file, and is mostly a slip');

/** Links of kind `auto`, as `plan` and `predict` print them. */
const choices = z
  .array(
    z.strictObject({
      link: z.string(),
      ...variant,
      settings: z.record(z.string(), z.unknown()).describe('Fields that make the variant'),
      carries: z.array(frameClass).describe('Classes that it had to carry'),
      passedOver: z
        .array(z.strictObject({ ...variant, why: z.string() }))
        .describe('What would have been cheaper, and why it would not do'),
    }),
  )
  .describe('What became of links of kind `auto`');

/** What `plan` and `predict` say of the file itself. */
export const ofTheFile = { choices, warnings };
