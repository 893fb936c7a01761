import { z } from 'zod';
import type { MacvlanSettings } from '../hops/macvlan.js';
import { lowerEdge } from '../hops/types.js';
import { duplicateField, macField } from '../topology/fields.js';
import { RECEIVE_HANDLER, type DeviceKind } from './define.js';
import { parseLocal } from './local.js';
import { makeOnLower, onLowerFields } from './on-lower.js';

/** What a macvlan is, whether or not a program may open it by a file: drivers/net/macvlan.c, macvtap.c. */

/** Fields of such a device. */
export const macvlanFields = {
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
};

type Kind = DeviceKind<z.ZodObject<typeof macvlanFields>>;

/** What is made of a spec. @param kind - as ip-link(8) has it after `type` */
export const macvlanOf = (
  kind: 'macvlan' | 'macvtap',
): Pick<Kind, 'kernelKind' | 'makes' | 'lowers' | 'plan' | 'hops'> => ({
  kernelKind: kind,
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
        kind,
        mac: mode === 'passthru' ? undefined : context.mac(parseLocal(name)),
        options: {
          mode,
          ...(sources.length > 0 && { 'macaddr set': sources.toSorted().join(' ') }),
        },
        flags: [...(promisc ? ['promisc'] : []), ...(allmulticast ? ['allmulticast'] : [])],
        why: `${name}: ${kind} on ${lower}`,
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
