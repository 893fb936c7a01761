import { z } from 'zod';
import { version } from './version.js';

/** How `up` has started the guests. */
export const startedGuests = z
  .array(
    z.strictObject({
      node: z.string(),
      start: z
        .enum(['warm', 'cold'])
        .describe('`warm`: it goes on from the stored state of another of its shape'),
      why: z.string().nullable().describe('What kept it from starting warm, where it should have'),
    }),
  )
  .describe('The guests that were started');

const kept = {
  key: z.string(),
  use: z
    .enum(['current', 'old', 'damaged', 'unfinished', 'unknown'])
    .describe('`current`: the next guest of its kind starts from it'),
  bytes: z.int().describe('On the disk'),
  folder: z.string(),
};
const cache = z.strictObject({
  version,
  images: z.array(
    z.strictObject({
      name: z.string(),
      ...kept,
      labs: z.array(z.string()).describe('Labs that are up and whose guests have booted it'),
    }),
  ),
  states: z.array(
    z.strictObject({
      ...kept,
      guest: z.string().optional(),
      memory: z.int().optional().describe('Bytes of main memory'),
      vcpus: z.int().optional(),
      nics: z.int().optional().describe('NICs'),
      stored: z.iso.datetime().optional(),
    }),
  ),
});

/** The results of the commands about guest images and stored states. */
export const guestSchemas = {
  'guest build': z.strictObject({
    version,
    name: z.string(),
    key: z.string(),
    kernel: z.string(),
    initrd: z.string(),
    kernelArgs: z.array(z.string()),
    sha256: z.string(),
  }),
  'guest list': cache,
  'guest prune': cache.describe('What was removed'),
} as const;
