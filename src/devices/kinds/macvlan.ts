import { z } from 'zod';
import type { MacvlanSettings } from '../../hops/macvlan.js';
import { lowerEdge } from '../../hops/types.js';
import { duplicateField, macField } from '../../topology/fields.js';
import { defineDevice, RECEIVE_HANDLER } from '../define.js';
import { parseLocal } from '../local.js';
import { makeOnLower, onLowerFields } from '../on-lower.js';

/** A macvlan inside a node: drivers/net/macvlan.c, ip-link(8) `type macvlan`. */
export const macvlan = defineDevice({
  kind: 'macvlan',
  title: 'macvlan in a node',
  doc: `A device with a MAC of its own on another one, often in an inner namespace. Who hears whom of several on one lower device
depends on their modes. The lower device keeps its stack and addresses, but nobody on top of it ever reaches that stack, nor is reached
by it, in whatever mode: what is sent leaves by the lower device. The way round is a macvlan in mode bridge for the node itself, with the
address on that.`,
  example: `{ kind: macvlan, name: c1:eth0, lower: eth1, mode: bridge }`,
  schema: z.strictObject({
    kind: z.literal('macvlan'),
    ...onLowerFields,
    mode: z
      .enum(['vepa', 'bridge', 'private', 'passthru', 'source'])
      .default('vepa')
      .describe(
        'bridge: devices in it hear each other; vepa: only by a neighbour that reflects; private: not even so; passthru: one device for all that comes; source: what comes from listed senders',
      ),
    sources: z
      .array(macField)
      .default([])
      .describe('In mode source: the senders whose frames it takes'),
    promisc: z.boolean().default(false).describe('Promiscuous mode'),
    allmulticast: z.boolean().default(false).describe('Take every group address'),
    mac: macField
      .optional()
      .describe(
        'MAC address; derived when left out, in mode passthru always that of the lower device',
      ),
    duplicate: duplicateField,
  }),
  kernelKind: 'macvlan',
  makes({ name, lower, mac, mtu, mode }) {
    const below = parseLocal(lower);
    const made = { ...parseLocal(name), path: ['name'], mtu, mtuOf: below };
    return [mode === 'passthru' ? { ...made, mac: undefined, macOf: below } : { ...made, mac }];
  },
  lowers: ({ lower, mode }) => [
    {
      ...{ ...parseLocal(lower), path: ['lower'], slot: RECEIVE_HANDLER },
      ...(mode !== 'passthru' && { shared: 'a macvlan' }),
    },
  ],
  plan(spec, context) {
    const { name, lower, mode, sources, promisc, allmulticast } = spec;
    return [
      makeOnLower(spec, context, {
        kind: 'macvlan',
        mac: mode === 'passthru' ? undefined : context.mac(parseLocal(name)),
        options: {
          mode,
          ...(sources.length > 0 && { 'macaddr set': sources.toSorted().join(' ') }),
        },
        flags: [...(promisc ? ['promisc'] : []), ...(allmulticast ? ['allmulticast'] : [])],
        why: `${name}: macvlan on ${lower}`,
      }),
    ];
  },
  hops(spec, context) {
    const { mode, sources, promisc, allmulticast } = spec;
    const self = parseLocal(spec.name);
    const lower = context.hopId(parseLocal(spec.lower));
    const settings: MacvlanSettings = { mode, sources, promisc, allmulticast };
    const hop = context.hop(self, 'macvlan', settings);
    return {
      hops: [hop],
      edges: [lowerEdge(hop.id, lower)],
      // It sets the lower device to promiscuous mode (macvlan_open).
      ...(mode === 'passthru' && { amends: { [lower]: { promisc: true } } }),
    };
  },
});
