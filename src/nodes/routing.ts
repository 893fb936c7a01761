import { z } from 'zod';
import { cidrField, deviceName, ipField, nameField } from '../topology/fields.js';
import { ROUTE_TYPES, TABLES } from '../topology/tables.js';

/** The fields of a node that say where its packets go. */

/** Largest number of 32 bits. */
const MAX = 2 ** 32 - 1;

const error = `write \`main\`, \`default\` or a number from 1 to ${MAX}, such as 100; ${TABLES.local} is the kernel's own`;

const tableField = z
  .union(
    [
      z.enum(['main', 'default']),
      z
        .int()
        .min(1)
        .max(MAX)
        .refine((table) => table !== TABLES.local, { error }),
    ],
    { error },
  )
  .default('main')
  .transform((table) => (typeof table === 'number' ? table : TABLES[table]));

const namespaceField = nameField.optional().describe('Inner namespace that it belongs to');

/** ip-route(8). */
export const routeField = z.strictObject({
  to: z
    .union([cidrField, z.literal('default')], { error: 'write a prefix, or `default`' })
    .describe('Destination prefix, or `default`; of IPv6 without a next hop write `::/0`'),
  type: z
    .enum(ROUTE_TYPES)
    .default('unicast')
    .describe(
      'What becomes of the packet: `unreachable` and `prohibit` answer with an ICMP error, `blackhole` says nothing',
    ),
  via: ipField.optional().describe('Next hop'),
  dev: deviceName.optional().describe('Device to leave by; that of the next hop when left out'),
  src: ipField
    .optional()
    .describe('Address of the stack that its own packets get where their program asks for none'),
  metric: z
    .int()
    .min(0)
    .max(MAX)
    .optional()
    .describe('Of routes to one prefix the lowest counts; 0 when left out, 1024 of IPv6'),
  table: tableField.describe('Table that it goes into: `main`, `default` or a number'),
  vrf: deviceName.optional().describe('VRF into whose table it goes, in the place of `table`'),
  namespace: namespaceField,
});

const selector = z.union([cidrField, ipField], {
  error: 'write a prefix or an address, or leave it out for all',
});

/** ip-rule(8). */
export const ruleField = z.strictObject({
  from: selector.optional().describe('Source addresses that it is for; all when left out'),
  to: selector.optional().describe('Destination addresses that it is for; all when left out'),
  iif: deviceName
    .optional()
    .describe('Device that the packet came by; `lo` for what the stack sends itself'),
  oif: deviceName.optional().describe('Device that the socket which sends it is bound to'),
  priority: z
    .int()
    .min(0)
    .max(MAX)
    .optional()
    .describe(
      'Its place: the lowest is asked first, `main` is at 32766. When left out, one below the lowest so far, as ip-rule(8) does',
    ),
  table: tableField.describe('Table that it looks into: `main`, `default` or a number'),
  family: z
    .union([z.literal(4), z.literal(6)])
    .optional()
    .describe('IP version where neither `from` nor `to` says it; 4 when left out'),
  namespace: namespaceField,
});
