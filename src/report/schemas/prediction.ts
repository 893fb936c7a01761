import { z } from 'zod';
import { controllerKinds } from '../../controllers/index.js';
import { FRAME_CLASSES } from '../../frames/classes.js';

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
        outcome: z
          .enum(['drop', 'random'])
          .describe('`random`: perhaps, which the file alone does not decide'),
        at: z.string().describe('Label of the hop where it dies'),
        reason: z.string(),
        remedy: z.string(),
        source: z.string(),
      }),
    )
    .describe('Classes that do not, or not for sure'),
});

/** A check of the file, as `predict` prints it. */
export const predictedCheck = z.strictObject({
  probe: z.string(),
  variant: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  expect: z.enum(['pass', 'blocked']),
  outcome: z
    .enum(['pass', 'blocked', 'random'])
    .describe('`random`: it may arrive or not, see the reason'),
  leg: z.string().nullable().describe('The frame that dies, or may'),
  at: z.string().nullable().describe('Label of the hop where it does'),
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  source: z.string().nullable(),
});

/** What `predict --controller` prints. */
export const predictedDiscovery = z
  .strictObject({
    controller: z.enum(controllerKinds.map(({ kind }) => kind)),
    links: z.array(
      z.strictObject({
        from: z.string().describe('Port by which a switch sends the discovery frame'),
        to: z.string().describe('Port by which it comes to another'),
        cable: z.boolean().describe('`false`: it finds a way through other nodes'),
        outcome: z.enum(['seen', 'unseen', 'random']),
        by: z.string().describe('The frame by which it is seen, or that comes furthest'),
        at: z.string().nullable().describe('Where that dies'),
        reason: z.string().nullable(),
        remedy: z.string().nullable(),
        source: z.string().nullable(),
      }),
    ),
  })
  .nullable()
  .describe('With `--controller`: the links that it sees between switches, each direction');

const variant = { kind: z.string(), variant: z.string() };

/** Text of a file that holds, and is mostly a slip, as `plan` and `predict` print it. */
export const warnings = z
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
