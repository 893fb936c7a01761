import { z } from 'zod';
import { version } from './version.js';

const has = {
  needs: z.array(
    z.strictObject({
      check: z.string().describe('The check of `patchlab doctor` that looks for it'),
      arg: z.string().optional(),
      config: z
        .string()
        .nullable()
        .describe(
          'Option of the kernel without `CONFIG_`; `null` where it is no matter of the kernel',
        ),
      module: z.string().nullable(),
      ok: z
        .boolean()
        .nullable()
        .describe('Has this host it? `null` where that cannot be found out without root'),
      found: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
  here: z.boolean().nullable().describe('Can this host build it? `null` as with `ok`'),
  inGuest: z.boolean().describe('Can a guest that holds the lab (`up --in-guest`)?'),
};

/** What a topology may write, and who can build it. */
export const kindsResult = z.strictObject({
  version,
  kinds: z.array(
    z.strictObject({
      area: z.enum(['link', 'node', 'device', 'probe']).describe('Where it is written'),
      kind: z.string(),
      title: z.string(),
      ...has,
      settings: z
        .array(z.strictObject({ setting: z.string(), ...has }))
        .describe('Settings that need something more'),
      whyNotInGuest: z.string().nullable(),
    }),
  ),
});
