import { z } from 'zod';
import { duplicateField, macField } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';
import { planTuntap, tuntapFields } from '../tuntap.js';

/** A tap device inside a node: drivers/net/tun.c, ip-tuntap(8). */
export const tap = defineDevice({
  kind: 'tap',
  title: 'tap device in a node',
  doc: `A device whose wire ends in a program, which reads and writes frames of Ethernet; it may be the port of a bridge. It is there with no program as
well, and then has no carrier: what it is given to send is thrown away before a capture could see it, and a bridge hands it nothing.`,
  example: `{ kind: tap, name: tap0, user: 1000 }`,
  schema: z.strictObject({
    kind: z.literal('tap'),
    ...tuntapFields,
    mac: macField.optional(),
    duplicate: duplicateField,
  }),
  kernelKind: 'tap',
  makes: ({ name, mac, mtu }) => [{ ...parseLocal(name), path: ['name'], mac, mtu }],
  plan: (spec, context) => [planTuntap(spec, context, context.mac(parseLocal(spec.name)))],
  hops: ({ name }, context) => ({
    hops: [context.hop(parseLocal(name), 'tuntap', {})],
    edges: [],
  }),
});
