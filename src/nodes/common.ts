import { z } from 'zod';
import {
  addressField,
  deviceName,
  duplicateField,
  lineField,
  localDevice,
  macField,
  mtuField,
  nameField,
  oneOrMany,
  programKey,
  sysctlKey,
} from '../topology/fields.js';
import { controllerField } from '../controllers/field.js';
import { routeField, ruleField } from './routing.js';

const portField = z.strictObject({
  mac: macField.optional(),
  duplicate: duplicateField,
  mtu: mtuField.optional(),
});

const rulesField = z
  .string()
  .regex(/\S/, { error: 'write rules as nft(8) reads them from a file' });

const programField = z
  .array(z.string({ error: 'write a list of words' }).regex(/^[^\0]*$/), {
    error: 'write the program and its arguments as a list of words, such as `[ping, 10.0.0.1]`',
  })
  .min(1);

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
  routes: z
    .array(routeField)
    .default([])
    .describe('Static routes, in the order in which they are made'),
  rules: z
    .array(ruleField)
    .default([])
    .describe(
      'Which table is looked into for which packets. The first table with a route decides; `main` and then `default` are looked into where no rule comes before',
    ),
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
  run: z
    .union(
      [
        programField.transform((run): Record<string, string[]> => ({ run })),
        z.record(programKey, programField),
      ],
      {
        error:
          'write a program and its arguments as a list of words, such as `[ping, 10.0.0.1]`, or such lists by name',
      },
    )
    .default({})
    .describe(
      'A program that runs in the node for as long as the lab, as a list of words without a shell; or several by name, `namespace:name` for an inner namespace. It begins when all of the node is there, and is started again when it ends; `patchlab logs` shows what it says',
    ),
  controller: controllerField
    .optional()
    .describe(
      'An OpenFlow controller that runs in the node; bridges of Open vSwitch reach it by their `controllers`',
    ),
};
