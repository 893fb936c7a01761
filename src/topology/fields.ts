import { z } from 'zod';
import { oneLine } from './characters.js';
import {
  cidrHint,
  DEVICE_NAME_MAX,
  deviceHint,
  macHint,
  memoryHint,
  NAME_MAX,
  nameHint,
  portHint,
} from './hints.js';

/**
 * The value types that topology fields are made of. Each carries the words that the error messages,
 * the reference and the JSON schema show.
 */

const DEVICE = `[A-Za-z_][\\w.-]{0,${DEVICE_NAME_MAX - 1}}`;
const NAME = `[a-z][a-z0-9-]{0,${NAME_MAX - 1}}`;

/**
 * A text of a certain form.
 * @param what - what is to be written
 * @param hint - the same, where it can be told from what was written
 */
const pattern = (source: string, what: string, hint?: (written: never) => string | undefined) => {
  const error = ({ input }: { readonly input?: unknown }) =>
    `write ${hint?.(input as never) ?? what}`;
  return z.string({ error }).regex(new RegExp(`^(?:${source})$`), { error });
};

/** For a hint that reads texts alone. */
const ofText =
  (hint: (written: string) => string | undefined) =>
  (written: unknown): string | undefined =>
    typeof written === 'string' ? hint(written) : undefined;

/** Free text: what it holds of white space becomes single spaces, so that it is one line wherever it is shown. */
export const lineField = z.string().transform(oneLine);

export const nameField = pattern(
  NAME,
  'a name of lower-case letters, digits and hyphens that starts with a letter, at most 31 long',
  ofText(nameHint),
);

export const deviceName = pattern(
  DEVICE,
  'a device name: letters, digits, `_`, `.` or `-`, starting with a letter, at most 15 long',
  ofText(deviceHint),
);

/** `NODE:PORT`. */
export const portRef = pattern(
  `${NAME}:${DEVICE}`,
  'a port as `node:port`, such as `sw1:eth1`',
  portHint,
).meta({ examples: ['sw1:eth1'] });

/** `NODE:DEVICE` or `NODE/NAMESPACE:DEVICE`. */
export const deviceRef = pattern(
  `${NAME}(?:/${NAME})?:${DEVICE}`,
  'a device of the lab as `node:device`, or `node/namespace:device` for one in an inner namespace',
);

/** `[NAMESPACE:]DEVICE`, inside one node. */
export const localDevice = pattern(
  `(?:${NAME}:)?${DEVICE}`,
  'a device of this node as `device`, or `namespace:device` for one in an inner namespace',
  ofText((written) => deviceHint(written.split(':').at(-1) ?? '')),
);

/** `NODE`, `NODE/NAMESPACE`, either with `:DEVICE`. */
export const endpointRef = pattern(
  `${NAME}(?:/${NAME})?(?::${DEVICE})?`,
  'a place such as `sw1:eth1`, `sw1` or `sw1/c1` (an inner namespace)',
);

export const macField = pattern(
  '[0-9a-fA-F][02468aceACE](?::[0-9a-fA-F]{2}){5}',
  'a unicast MAC address such as `52:54:00:12:34:56` (its first octet is even)',
  macHint,
)
  .transform((mac) => mac.toLowerCase())
  .describe('MAC address; derived from the lab and the port when left out');

export const groupOrUnicastMac = pattern(
  '[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}',
  'a MAC address such as `01:80:c2:00:00:0e`',
).transform((mac) => mac.toLowerCase());

/** Smallest and largest MTU that the kernel's Ethernet devices take (linux/if_ether.h ETH_MIN_MTU, ETH_MAX_MTU). */
export const mtuField = z
  .int()
  .min(68)
  .max(65535)
  .describe('Largest layer-3 packet in bytes, the Ethernet header not counted');

/** Memory in KiB, from text such as `256MiB` or `1GiB`. */
export const memoryField = pattern(
  '[1-9]\\d*(?:MiB|GiB)',
  'a size such as `256MiB` or `1GiB`',
  memoryHint,
);

/** KiB that a size such as `256MiB` says. */
export function kibibytes(memory: string): number {
  const amount = Number.parseInt(memory, 10);
  return memory.endsWith('GiB') ? amount * 1024 * 1024 : amount * 1024;
}

/** `ADDRESS/LENGTH`, IPv4 or IPv6. */
export const cidrField = z
  .union([z.cidrv4(), z.cidrv6()], {
    error: ({ input }) =>
      `write ${cidrHint(input) ?? 'an address with its prefix length, such as `10.1.0.1/24` or `fd00::1/64`'}`,
  })
  .meta({ examples: ['10.1.0.1/24', 'fd00::1/64'] });

export const ipField = z.union([z.ipv4(), z.ipv6()], {
  error: ({ input }) =>
    typeof input === 'string' && input.includes('/')
      ? `write \`${input.split('/')[0] ?? ''}\`, the address without a prefix length`
      : 'write an IPv4 or IPv6 address',
});

/** Name of a setting of the kernel: sysctl(8). */
export const sysctlKey = pattern(
  `(?:${NAME}:)?[a-z][\\w./@:-]*`,
  'the name of a sysctl such as `net.ipv4.ip_forward`, or `namespace:name`',
);

/** `[NAMESPACE:]NAME` of a program that runs in a node. */
export const programKey = pattern(
  `(?:${NAME}:)?${NAME}`,
  'a name of lower-case letters, digits and hyphens, or `namespace:name`',
);

/** The two ends of a cable. */
export const twoPorts = z.tuple([portRef, portRef], {
  error: ({ code }) =>
    code === 'too_big'
      ? 'write two ports: a cable has two ends. `kind: bridge` and `kind: ovs-switch` join more'
      : 'write a list of two ports, such as `[sw1:eth1, sw2:eth1]`',
});

/** May others in its broadcast domain have the same? */
export const duplicateField = z
  .boolean()
  .default(false)
  .describe(
    'Others in the same broadcast domain have it too, and that is meant (anycast, VRRP); each of them says so',
  );

const fullAddress = z.strictObject({
  address: cidrField.describe('The address with its prefix length'),
  duplicate: duplicateField,
});

/** An address by itself, or with a mark beside it; always an object afterwards. */
export const addressField = z.union(
  [cidrField.transform((address) => ({ address, duplicate: false })), fullAddress],
  {
    error: ({ input }) =>
      `write ${cidrHint(input) ?? 'an address with its prefix length, such as `10.1.0.1/24` or `fd00::1/64`'}`,
  },
);

/** One value or a list of them; always a list afterwards. */
export const oneOrMany = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);

/**
 * A reference by itself, or an object that has it as `port` with settings beside it; always an object afterwards.
 * @param shape - the settings, each with a default or optional
 * @param what - what the reference is, for messages
 * @param hint - the same, where it can be told from what was written
 */
export function withSettings<S extends z.ZodRawShape>(
  reference: z.ZodType<string>,
  shape: S,
  what: string,
  hint: (written: unknown) => string | undefined = () => undefined,
) {
  const full = z.strictObject({
    port: reference.describe('The port or device itself'),
    ...shape,
  });
  return z.union([reference.transform((port) => full.parse({ port })), full], {
    error: ({ input }) =>
      `write ${hint(input) ?? `${what}, or as \`{ port: ..., ... }\` with any of ${Object.keys(shape).join(', ')}`}`,
  });
}
