import { z } from 'zod';
import { device } from '../../plan/resources/kinds/device.js';
import { localDevice } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';

/** A netlink monitor inside a node: drivers/net/nlmon.c. */
export const nlmon = defineDevice({
  kind: 'nlmon',
  title: 'netlink monitor in a node',
  doc: `Captures on it see what programs and the kernel say to each other by netlink in that namespace: every \`ip\` command, every route and every
neighbour that changes. \`patchlab capture\` writes it with the link type NETLINK, which Wireshark reads. It has no MAC, nothing comes by it, and what
it is given to send ends there.`,
  example: `{ kind: nlmon, name: nlmon0 }`,
  schema: z.strictObject({
    kind: z.literal('nlmon'),
    name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
  }),
  kernelKind: 'nlmon',
  // NLMSG_GOODSIZE of drivers/net/nlmon.c, which the kernel takes from the size of its pages.
  makes: ({ name }) => [{ ...parseLocal(name), path: ['name'], mac: undefined, isLayer3: true }],
  plan({ name }, context) {
    const self = parseLocal(name);
    const { stack, ...place } = context.inside(self.namespace);
    const id = context.hopId(self);
    return [
      device.of({
        ...{
          ...place,
          id: `nlmon ${id}`,
          makes: [id],
          in: [stack],
          why: `netlink monitor ${name}`,
        },
        wanted: { device: self.name, kind: 'nlmon', options: {} },
      }),
    ];
  },
  hops: ({ name }, context) => ({
    hops: [context.hop(parseLocal(name), 'nlmon', { isSink: true })],
    edges: [],
  }),
});
