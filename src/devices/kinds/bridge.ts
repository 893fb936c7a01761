import { z } from 'zod';
import { duplicateField, localDevice, macField, withSettings } from '../../topology/fields.js';
import { bridgeSettings } from '../bridge-model.js';
import { bridgeFields } from '../bridge-options.js';
import { bridgePortFields } from '../bridge-port-fields.js';
import { bridgeProblems } from '../bridge-problems.js';
import {
  finishBridge,
  makeBridge,
  plugIntoBridge,
  type PlannedBridge,
} from '../bridge-resources.js';
import { upId } from '../../plan/resources/kinds/device-state.js';
import { portEdge } from '../../hops/types.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';
import { takeMembers } from '../members.js';

/** A Linux bridge inside a node: net/bridge/, ip-link(8) `type bridge`. */
export const bridge = defineDevice({
  kind: 'bridge',
  title: 'Linux bridge in a node',
  doc: `A bridge whose ports are ports of the node or other devices in it. Its own MAC is derived, and so differs from
that of every member. Spanning tree and snooping are off; reserved group addresses (LLDP) stop at it unless
\`group_fwd_mask\` lets them through.`,
  example: `{ kind: bridge, name: br0, members: [eth1, c1up] }`,
  schema: z
    .strictObject({
      kind: z.literal('bridge'),
      name: localDevice.describe('Name of the bridge: `device` or `namespace:device`'),
      members: z
        .array(withSettings(localDevice, bridgePortFields, 'a device of this node'))
        .default([])
        .describe(
          'Its ports, in the same namespace as the bridge, each with settings of its own if need be',
        ),
      mac: macField.optional(),
      duplicate: duplicateField,
      ...bridgeFields,
    })
    .superRefine((spec, context) => {
      for (const { path, fix } of bridgeProblems(spec, spec.members))
        context.addIssue({ code: 'custom', path: ['members', ...path], message: fix });
    }),
  kernelKind: 'bridge',
  requirements: (spec) =>
    spec.vlan_filtering ? [{ check: 'kernel-kind', arg: 'bridge-vlan-filtering' }] : [],
  makes: ({ name, mac, mtu }) => [{ ...parseLocal(name), path: ['name'], mac, mtu }],
  takes: ({ members }) => takeMembers(members.map(({ port }) => port)),
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    const made: PlannedBridge = {
      ...{ ...place, device: self.name, mac: context.mac(self), label: spec.name },
      ...{ spec, hop, name: hop, in: [stack], up: upId(stack, self.name) },
    };
    return [
      makeBridge(made, `bridge ${spec.name}`),
      ...spec.members.flatMap((member) => {
        const port = parseLocal(member.port);
        const device = { device: port.name, hop: context.hopId(port) };
        return plugIntoBridge(made, device, member, `plug ${member.port} into ${spec.name}`);
      }),
      ...finishBridge(made),
    ];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const ports = spec.members.map(
      (member) => [context.hopId(parseLocal(member.port)), member] as const,
    );
    const members = ports.map(([id]) => id);
    const settings = bridgeSettings(context.mac(self), spec, ports, (spec.mtu ?? 1500) >= 1280);
    // The stack of a node gives it a link-local address (RFC 4862), where IPv6 has room: RFC 8200, 5.
    const hop = context.hop(self, 'bridge', {
      ...settings,
      ...{ hasAddress: context.addresses(self).length > 0 },
    });
    return {
      hops: [hop],
      edges: members.map((id) => portEdge(id, hop.id)),
      // A bridge makes its ports promiscuous (net/bridge/br_if.c, br_manage_promisc).
      amends: Object.fromEntries(members.map((id) => [id, { promisc: true }])),
    };
  },
});
