import { z } from 'zod';
import { device } from '../../plan/resources/kinds/device.js';
import { duplicateField, localDevice, macField, mtuField } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';

/** A dummy device inside a node: drivers/net/dummy.c. */
export const dummy = defineDevice({
  kind: 'dummy',
  title: 'dummy device in a node',
  doc: `A device without a wire: it throws away what it is given to send, and nothing ever comes by it. It asks for no addresses
(NOARP). An address on it is one of the stack that is there whatever becomes of its ports, as routers have it; other devices may
stand on it, and macvlans in mode bridge there hear each other.`,
  example: `{ kind: dummy, name: dummy0 }`,
  schema: z.strictObject({
    kind: z.literal('dummy'),
    name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
    mac: macField.optional(),
    duplicate: duplicateField,
    mtu: mtuField.optional(),
  }),
  kernelKind: 'dummy',
  makes: ({ name, mac, mtu }) => [{ ...parseLocal(name), path: ['name'], mac, mtu }],
  plan({ name, mtu }, context) {
    const self = parseLocal(name);
    const { stack, ...place } = context.inside(self.namespace);
    const id = context.hopId(self);
    return [
      device.of({
        ...{ ...place, id: `dummy ${id}`, makes: [id], in: [stack], why: `dummy device ${name}` },
        wanted: {
          ...{ device: self.name, mac: context.mac(self), kind: 'dummy', options: {} },
          ...(mtu !== undefined && { mtu }),
        },
      }),
    ];
  },
  hops: ({ name }, context) => ({
    hops: [context.hop(parseLocal(name), 'dummy', { isSink: true })],
    edges: [],
  }),
});
