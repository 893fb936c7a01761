import { z } from 'zod';
import type { IpvlanSettings } from '../../hops/ipvlan.js';
import { lowerEdge } from '../../hops/types.js';
import { defineDevice, RECEIVE_HANDLER } from '../define.js';
import { parseLocal } from '../local.js';
import { makeOnLower, onLowerFields } from '../on-lower.js';

/** An ipvlan inside a node: drivers/net/ipvlan/, ip-link(8) `type ipvlan`. */
export const ipvlan = defineDevice({
  kind: 'ipvlan',
  title: 'ipvlan in a node',
  doc: `A device with the MAC of another one, often in an inner namespace: a switch sees one MAC, however many there are. Their IP
addresses tell them apart. Mode l2 is like a macvlan in mode bridge. In mode l3 the stack of the lower device routes what they send, as
if it were its own: without a hop, without ARP, and without broadcast or multicast; others need routes to their prefixes. Mode l3s lets the
packet filter and the connection tracking of that stack see all of it. All on one lower device have the same mode and flag.`,
  example: `{ kind: ipvlan, name: c1:eth0, lower: eth1, mode: l2 }`,
  schema: z.strictObject({
    kind: z.literal('ipvlan'),
    ...onLowerFields,
    mode: z
      .enum(['l2', 'l3', 'l3s'])
      .default('l3')
      .describe(
        'l2: they switch by address; l3: the stack of the lower device routes what they send; l3s: also what they receive',
      ),
    flag: z
      .enum(['bridge', 'private', 'vepa'])
      .default('bridge')
      .describe(
        'bridge: they hand each other packets; private: they never do; vepa: all leaves by the lower device',
      ),
    allmulticast: z.boolean().default(false).describe('Take every group address, in mode l2'),
  }),
  kernelKind: 'ipvlan',
  makes({ name, lower, mtu }) {
    const below = parseLocal(lower);
    return [
      {
        ...{ ...parseLocal(name), path: ['name'], mac: undefined, mtu },
        ...{ macOf: below, mtuOf: below },
      },
    ];
  },
  lowers: ({ lower, mode, flag }) => [
    {
      ...{ ...parseLocal(lower), path: ['lower'], slot: RECEIVE_HANDLER },
      shared: `an ipvlan in mode ${mode} ${flag}`,
    },
  ],
  plan(spec, context) {
    const { name, lower, mode, flag, allmulticast } = spec;
    return [
      makeOnLower(spec, context, {
        ...{ kind: 'ipvlan', mac: undefined, flags: allmulticast ? ['allmulticast'] : [] },
        options: { mode, [flag]: '' },
        why: `${name}: ipvlan on ${lower}`,
      }),
    ];
  },
  hops(spec, context) {
    const { mode, flag, allmulticast } = spec;
    const [self, below] = [parseLocal(spec.name), parseLocal(spec.lower)];
    const settings: IpvlanSettings = {
      ...{ mode, flag, allmulticast },
      ...{ addresses: context.addresses(self), below: context.addresses(below) },
    };
    const hop = context.hop(self, 'ipvlan', settings);
    return { hops: [hop], edges: [lowerEdge(hop.id, context.hopId(below))] };
  },
});
