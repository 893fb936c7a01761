import { z } from 'zod';
import {
  addressField,
  cidrField,
  deviceName,
  duplicateField,
  ipField,
  lineField,
  localDevice,
  macField,
  mtuField,
  nameField,
  oneOrMany,
  sysctlKey,
} from '../topology/fields.js';

const routeField = z.strictObject({
  to: z
    .union([cidrField, z.literal('default')], { error: 'write a prefix, or `default`' })
    .describe('Destination prefix, or `default`'),
  via: ipField.optional().describe('Next hop'),
  dev: deviceName.optional().describe('Device to leave by'),
  namespace: nameField.optional().describe('Inner namespace whose table it goes into'),
});

const portField = z.strictObject({
  mac: macField.optional(),
  duplicate: duplicateField,
  mtu: mtuField.optional(),
});

const rulesField = z
  .string()
  .regex(/\S/, { error: 'write rules as nft(8) reads them from a file' });

/** The fields that every node kind has, whatever it is made of. The devices are added by the schema, from their registry. */
export const commonNodeFields = {
  ports: z
    .record(deviceName, portField.nullable(), {
      error: 'write settings by port, such as `eth1: { mtu: 9000 }`',
    })
    .default({})
    .describe(
      'Settings of ports, in the order in which the node sees them; ports that only `links` names follow in natural order',
    ),
  namespaces: z
    .array(nameField)
    .default([])
    .describe('Inner network namespaces, such as containers behind a switch'),
  addresses: z
    .record(localDevice, oneOrMany(addressField), {
      error: 'write addresses by device, such as `eth1: 10.0.0.1/24`',
    })
    .default({})
    .describe(
      'Addresses by device, `device` or `namespace:device`; one that others of its broadcast domain have too as `{ address: 10.0.0.1/24, duplicate: true }`',
    ),
  routes: z.array(routeField).default([]).describe('Static routes'),
  sysctls: z
    .record(sysctlKey, z.union([lineField, z.number().transform(String)]), {
      error: 'write values by name, such as `net.ipv4.ip_forward: 1`',
    })
    .default({})
    .describe(
      'Kernel settings of the node, by sysctl name; `namespace:name` for an inner namespace. A network namespace has only those that the kernel keeps for each',
    ),
  nft: z
    .union([rulesField, z.record(nameField, rulesField)], {
      error:
        'write rules as nft(8) reads them from a file, or such text by the name of a namespace',
    })
    .optional()
    .describe(
      'Packet filter of the node, as nft(8) reads it from a file; or such text by namespace, with the name of the node for its own stack. What it drops is predicted',
    ),
};
