import { z } from 'zod';
import { version } from './version.js';
import { warnings } from './prediction.js';

/** What the commands print that need no lab: they tell of files, of errors and of patchlab itself. */
export const firstSchemas = {
  labs: z.strictObject({
    version,
    labs: z.array(
      z.strictObject({
        name: z.string().describe('`up`, `predict`, `plan` and `graph` take it in place of a file'),
        theme: z.string(),
        title: z.string(),
        about: z.string().nullable().describe('Markdown'),
        file: z.string(),
      }),
    ),
  }),
  init: z.union([
    z.strictObject({
      version,
      file: z.string().describe('What was written'),
      lab: z.string(),
      template: z.string().describe('The lab of `patchlab labs` that it began as'),
      next: z.string().describe('What builds and proves it'),
    }),
    z.strictObject({
      version,
      templates: z.array(z.strictObject({ name: z.string(), lab: z.string(), what: z.string() })),
    }),
  ]),
  validate: z.strictObject({
    version,
    files: z.array(
      z.strictObject({
        file: z.string(),
        lab: z.string().nullable().describe('Its name; `null` where the file does not hold'),
        error: z
          .looseObject({ code: z.string(), exit: z.int(), what: z.string() })
          .nullable()
          .describe('As of a command that fails: of a topology, with all `problems` and places'),
        warnings,
      }),
    ),
  }),
  import: z.strictObject({
    version,
    format: z.string(),
    file: z.string(),
    out: z.string().nullable().describe('What was written'),
    lab: z.string(),
    topology: z.looseObject({ name: z.string() }).describe('As the file has it'),
    left: z
      .array(z.strictObject({ at: z.string(), why: z.string() }))
      .describe('What of the file is not in it'),
    renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  }),
  docs: z.strictObject({
    version,
    errors: z.array(
      z.strictObject({
        code: z.string(),
        exit: z.int(),
        meaning: z.string(),
        remedy: z.string(),
      }),
    ),
  }),
  schema: z.looseObject({}).describe('The schema itself; with `--path`, `file`'),
  completion: z.union([
    z.strictObject({ version, shell: z.string(), script: z.string() }),
    z.strictObject({
      version,
      shell: z.string(),
      candidates: z.array(z.strictObject({ word: z.string(), describe: z.string().optional() })),
      files: z.boolean().describe('May files come next, too?'),
    }),
  ]),
};
