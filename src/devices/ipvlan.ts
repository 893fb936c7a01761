import { z } from 'zod';
import type { IpvlanSettings } from '../hops/ipvlan.js';
import { lowerEdge } from '../hops/types.js';
import { RECEIVE_HANDLER, type DeviceKind } from './define.js';
import { parseLocal } from './local.js';
import { makeOnLower, onLowerFields } from './on-lower.js';

/** What an ipvlan is, whether or not a program may open it by a file: drivers/net/ipvlan/. */

/** Fields of such a device. */
export const ipvlanFields = {
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
};

type Kind = DeviceKind<z.ZodObject<typeof ipvlanFields>>;

/** What is made of a spec. @param kind - as ip-link(8) has it after `type` */
export const ipvlanOf = (
  kind: 'ipvlan' | 'ipvtap',
): Pick<Kind, 'kernelKind' | 'makes' | 'lowers' | 'plan' | 'hops'> => ({
  kernelKind: kind,
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
        ...{ kind, mac: undefined, flags: allmulticast ? ['allmulticast'] : [] },
        options: { mode, [flag]: '' },
        why: `${name}: ${kind} on ${lower}`,
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
