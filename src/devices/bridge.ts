import { z } from 'zod';
import { localDevice, macField, mtuField } from '../topology/fields.js';
import { groupForwardMask, makeBridge, plugIn } from './bridge-options.js';
import { defineDevice } from './define.js';
import { parseLocal } from './local.js';

/** A Linux bridge inside a node: net/bridge/, ip-link(8) `type bridge`. */
export const bridge = defineDevice({
  kind: 'bridge',
  title: 'Linux bridge in a node',
  doc: `A bridge whose ports are ports of the node or other devices in it. Its own MAC is derived, and so differs from
that of every member. Spanning tree and snooping are off; reserved group addresses (LLDP) stop at it unless
\`group_fwd_mask\` lets them through.`,
  example: `{ kind: bridge, name: br0, members: [eth1, c1up] }`,
  schema: z.strictObject({
    kind: z.literal('bridge'),
    name: localDevice.describe('Name of the bridge: `device` or `namespace:device`'),
    members: z
      .array(localDevice)
      .default([])
      .describe('Its ports, in the same namespace as the bridge'),
    mac: macField.optional(),
    mtu: mtuField.optional(),
    group_fwd_mask: groupForwardMask,
    stp: z.boolean().default(false).describe('Run the spanning tree protocol of the kernel'),
    snooping: z.boolean().default(false).describe('IGMP and MLD snooping'),
  }),
  kernelKind: 'bridge',
  makes: (spec) => [{ ...parseLocal(spec.name), path: ['name'], mac: spec.mac }],
  takes: (spec) =>
    spec.members.map((member, index) => ({ ...parseLocal(member), path: ['members', index] })),
  plan(spec, context) {
    const { name, namespace } = parseLocal(spec.name);
    const mac = context.mac({ name, namespace });
    const make = makeBridge(name, mac, spec);
    return [
      { namespace, do: { tool: 'ip', args: make }, why: `bridge ${spec.name}` },
      ...spec.members.flatMap((member) =>
        plugIn(name, parseLocal(member).name, spec.group_fwd_mask).map((args) => ({
          namespace,
          do: { tool: 'ip', args } as const,
          why: `plug ${member} into ${spec.name}`,
        })),
      ),
    ];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const members = spec.members.map((member) => context.hopId(parseLocal(member)));
    const masks = Object.fromEntries(members.map((id) => [`mask ${id}`, spec.group_fwd_mask]));
    const settings = { mac: context.mac(self), stp: spec.stp, ...masks };
    const hop = context.hop(self, 'bridge', settings);
    return {
      hops: [hop],
      edges: members.map((id) => [id, hop.id] as const),
      // A bridge makes its ports promiscuous (net/bridge/br_if.c, br_manage_promisc).
      amends: Object.fromEntries(members.map((id) => [id, { promisc: true }])),
    };
  },
});
