import { z } from 'zod';
import { VALIDATIONS } from '../hops/macsec.js';
import { deviceRef, duplicateField, macField } from '../topology/fields.js';
import { onLowerFields } from './on-lower.js';

/** What may be written of a MACsec device: ip-macsec(8), ip-link(8) `type macsec`. */

/** Octets of a key by the cipher: IEEE 802.1AE-2018, 14.5 and 14.6. */
const KEY_LENGTHS = { 'gcm-aes-128': 16, 'gcm-aes-256': 32 } as const;

const digits = (octets: string, what: string) =>
  z
    .string({ error: `write ${what}` })
    .regex(new RegExp(`^(?:${octets})$`, 'i'), { error: `write ${what}` })
    .transform((text) => text.toLowerCase());

const sciField = digits(
  '[0-9a-f]{16}',
  'an SCI of 16 hexadecimal digits: a MAC and a port',
).describe('Secure channel identifier; of the MAC and `port` when left out');

const associationField = z.strictObject({
  key: digits('[0-9a-f]{32}|[0-9a-f]{64}', 'a key of 32 hexadecimal digits, 64 with gcm-aes-256')
    .optional()
    .describe(
      'The key, as hexadecimal digits; derived from lab, node, device and number when left out',
    ),
  pn: z
    .int()
    .min(1)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Packet number of the first frame'),
  on: z.boolean().default(true).describe('Is it used?'),
});
export type AssociationSpec = z.output<typeof associationField>;

/** Keys by their number: a secure channel has room for four. */
const keysField = z.record(
  z.string().regex(/^[0-3]$/, { error: 'write the number of a key, 0 to 3' }),
  associationField,
  { error: 'write keys by their number, such as `{ 0: { pn: 1 } }`' },
);

const peerField = z.union(
  [
    deviceRef.transform((device) => ({ device, keys: undefined })),
    z.strictObject({
      device: deviceRef.describe('Another MACsec device of the lab'),
      keys: keysField
        .optional()
        .describe('The keys that are believed to be those of the peer; its own when left out'),
    }),
    z.strictObject({
      sci: sciField.describe('Secure channel identifier of somebody outside the lab'),
      keys: keysField.describe('Its keys'),
    }),
  ],
  {
    error:
      'write a MACsec device of the lab such as `sw2:macsec0`, or the `sci` and `keys` of a stranger',
  },
);
export type PeerSpec = z.output<typeof peerField>;

const fields = z.strictObject({
  kind: z.literal('macsec'),
  ...onLowerFields,
  mtu: onLowerFields.mtu.describe(
    'MTU; that of the lower device less 16 octets and `icvlen` when left out, which is also the most',
  ),
  mac: macField.optional().describe('MAC address; that of the lower device when left out'),
  duplicate: duplicateField,
  peers: z
    .array(peerField)
    .default([])
    .describe(
      'Whose frames it takes: MACsec devices of the lab, `node:device` or `node/namespace:device`, or strangers',
    ),
  keys: keysField
    .optional()
    .describe(
      'The keys that it sends with, by their number; one with the number `encodingsa` when left out',
    ),
  encodingsa: z.int().min(0).max(3).default(0).describe('Number of the key that it sends with'),
  cipher: z
    .enum(['gcm-aes-128', 'gcm-aes-256'])
    .default('gcm-aes-128')
    .describe('The cipher, and so the length of keys; the same for a device and its peers'),
  icvlen: z
    .int()
    .min(8)
    .max(16)
    .default(16)
    .describe('Octets of the integrity check value at the end of each frame'),
  encrypt: z
    .boolean()
    .default(false)
    .describe('Encrypt what it sends. Without it frames can be read by anybody, but not changed'),
  protect: z
    .boolean()
    .default(true)
    .describe('Seal what it sends; without it frames leave as they are, without a SecTAG'),
  validate: z
    .enum(VALIDATIONS)
    .default('strict')
    .describe(
      'What becomes of frames without a SecTAG, of unknown senders, or that do not hold: strict drops them, check hands them on unless they are encrypted, disabled looks at none that is not encrypted',
    ),
  replay: z.boolean().default(false).describe('Drop frames that come a second time, or too late'),
  window: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('With `replay`: by how many frames one may be late; 0 when left out'),
  port: z.int().min(1).max(65535).optional().describe('Port of its SCI; 1 when left out'),
  sci: sciField.optional(),
  send_sci: z.boolean().default(true).describe('Write the SCI into each frame'),
  end_station: z
    .boolean()
    .default(false)
    .describe('Tell that the source address is that of the SCI, whose port is 1'),
  scb: z.boolean().default(false).describe('Tell of a single copy broadcast (EPON)'),
});
export type MacsecSpec = z.output<typeof fields>;

const hasLength = (octets: number, keys: Readonly<Record<string, AssociationSpec>> = {}): boolean =>
  Object.values(keys).every(({ key }) => key === undefined || key.length === 2 * octets);

const WRONG_LENGTH =
  'write keys of the length that `cipher` has: 32 digits for gcm-aes-128, 64 for gcm-aes-256';

/** Octets of its keys. */
export const keyLength = ({ cipher }: Pick<MacsecSpec, 'cipher'>): number => KEY_LENGTHS[cipher];

/** What the kernel would refuse, or take without a word and not do (drivers/net/macsec.c, macsec_validate_attr). */
export const macsecSchema = fields
  .refine(({ sci, port }) => sci === undefined || port === undefined, {
    path: ['port'],
    error: 'leave it out beside `sci`, which says the port',
  })
  .refine((spec) => [spec.send_sci, spec.end_station, spec.scb].filter(Boolean).length <= 1, {
    path: ['send_sci'],
    error: 'set one of `send_sci`, `end_station` and `scb`, and `send_sci: false` with the others',
  })
  .refine((spec) => spec.send_sci || (spec.sci ?? spec.port) === undefined, {
    path: ['send_sci'],
    error:
      'leave it out beside `sci` or `port`: who reads no SCI takes that of the source address and port 1',
  })
  .refine(({ replay, window }) => replay || window === undefined, {
    path: ['window'],
    error: 'write `replay: true` with it',
  })
  .refine((spec) => hasLength(keyLength(spec), spec.keys), {
    path: ['keys'],
    error: WRONG_LENGTH,
  })
  .refine((spec) => spec.peers.every(({ keys }) => hasLength(keyLength(spec), keys)), {
    path: ['peers'],
    error: WRONG_LENGTH,
  });
