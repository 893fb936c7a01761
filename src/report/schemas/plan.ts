import { z } from 'zod';

const where = z.strictObject({
  machine: z.string().describe('`local`: the one that patchlab runs on'),
  inside: z.string().optional().describe('The node that is the guest inside of which it is'),
  netns: z.string().optional(),
});
const command = z.looseObject({ tool: z.string() });

/** A lab as it is planned. */
export const planFields = {
  resources: z
    .array(
      z.strictObject({
        id: z.string().describe('Made of names from the file'),
        type: z.string(),
        where,
        lane: z.string(),
        wanted: z.looseObject({}).describe('What it is to be'),
        makes: z.array(z.string()).optional(),
        in: z.array(z.string()).describe('It goes with any of these'),
        needs: z.array(z.string()).optional(),
        why: z.string(),
      }),
    )
    .describe('The things that the lab consists of'),
  steps: z.array(
    z.strictObject({
      id: z.string(),
      stage: z.string(),
      lane: z.string(),
      where,
      do: command,
      undo: command.optional(),
      owns: z.looseObject({ type: z.string(), name: z.string() }).optional(),
      why: z.string(),
    }),
  ),
  domains: z.array(
    z.strictObject({ node: z.string(), name: z.string(), uuid: z.string(), xml: z.string() }),
  ),
  requirements: z.array(z.strictObject({ check: z.string(), arg: z.string().optional() })),
};

/** What is done to a lab that is up. */
export const changes = z
  .array(
    z.strictObject({
      how: z.enum(['create', 'change', 'replace', 'remove']),
      id: z.string().describe('Of the resource, as `plan --json` has it'),
      type: z.string(),
      what: z.string(),
      because: z.string().nullable().describe('`null` where the file alone says it'),
    }),
  )
  .describe('What was changed of a lab that was up; with `--dry-run`, what would be');
