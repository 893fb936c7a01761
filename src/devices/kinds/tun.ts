import { z } from 'zod';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';
import { planTuntap, tuntapFields } from '../tuntap.js';

/** A tun device inside a node: drivers/net/tun.c, ip-tuntap(8). */
export const tun = defineDevice({
  kind: 'tun',
  title: 'tun device in a node',
  doc: `A device whose wire ends in a program, which reads and writes packets of IP: it has no header of Ethernet and no MAC. It is there with no
program as well, and then has no carrier: what its stack sends is thrown away before a capture could see it, though routes over it hold.`,
  example: `{ kind: tun, name: tun0 }`,
  schema: z.strictObject({ kind: z.literal('tun'), ...tuntapFields }),
  kernelKind: 'tun',
  makes: ({ name, mtu }) => [
    { ...parseLocal(name), path: ['name'], mac: undefined, mtu, isLayer3: true },
  ],
  plan: (spec, context) => [planTuntap(spec, context, undefined)],
  hops: ({ name }, context) => ({
    hops: [context.hop(parseLocal(name), 'tuntap', {})],
    edges: [],
  }),
});
