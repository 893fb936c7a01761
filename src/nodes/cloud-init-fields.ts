import { z } from 'zod';
import { lineField } from '../topology/fields.js';

/** What a file says to cloud-init: https://docs.cloud-init.io */

const userField = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, { error: 'write a name of a user as useradd(8) takes it' })
    .describe('Name of the user'),
  keys: z
    .array(lineField)
    .default([])
    .describe('Public keys of SSH, as `authorized_keys` has them'),
  password: lineField
    .optional()
    .describe('Hash of the password, as crypt(5) has it; nobody can log in by one when left out'),
  sudo: z
    .boolean()
    .default(true)
    .describe('May the user do all that root may, without a password?'),
});

/** The field `cloud_init` of a node. */
export const cloudInitField = z.strictObject({
  users: z.array(userField).default([]).describe('Users besides that of the image'),
  packages: z
    .array(lineField)
    .default([])
    .describe('Packages to install: the guest must reach their repository'),
  user_data: z
    .record(z.string(), z.unknown(), {
      error: 'write a mapping as the cloud-config of cloud-init has it',
    })
    .default({})
    .describe(
      'More of cloud-config, merged over what patchlab writes: lists are joined, mappings merged, the rest is taken from here',
    ),
});

/** The field as it was read. */
export type CloudInit = z.output<typeof cloudInitField>;

/** A mapping as YAML has it. */
export type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merge one mapping over another: lists are joined, mappings merged. Pure. */
export function merged(below: Mapping, above: Mapping): Mapping {
  const all = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const old = all.get(key);
    if (Array.isArray(old) && Array.isArray(value))
      all.set(key, [...(old as unknown[]), ...(value as unknown[])]);
    else if (isMapping(old) && isMapping(value)) all.set(key, merged(old, value));
    else all.set(key, value);
  }
  return Object.fromEntries(all);
}
