import { z } from 'zod';
import type { VrfSettings } from '../../hops/kinds/vrf.js';
import { vrf as vrfResource } from '../../plan/resources/kinds/vrf.js';
import { localDevice, macField } from '../../topology/fields.js';
import { TABLES } from '../../topology/tables.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';
import { joinMaster, takeMembers } from '../members.js';

const RESERVED: readonly number[] = Object.values(TABLES);

/** A VRF inside a node: drivers/net/vrf.c, ip-link(8) `type vrf`. */
export const vrf = defineDevice({
  kind: 'vrf',
  title: 'VRF in a node',
  doc: `A routing table for some of the devices of a stack: their addresses, the routes of those, and routes with \`vrf:\` go into it. What comes by a
member is looked up there, and so is what a program sends that is bound to a member or to the VRF, as ping(8) is when a check starts at
one of them (\`from: host:mgmt0\`). All other programs use \`main\`, and what the table has no route for falls through to \`main\` too, unless it has a last
route of \`type: unreachable\`. Programs that listen in \`main\` answer in the VRF only with \`net.ipv4.tcp_l3mdev_accept\` and \`net.ipv4.udp_l3mdev_accept\`.`,
  example: `{ kind: vrf, name: mgmt0, table: 10, members: [eth2] }`,
  schema: z.strictObject({
    kind: z.literal('vrf'),
    name: localDevice.describe('Name of the VRF: `device` or `namespace:device`'),
    table: z
      .int()
      .min(1)
      .max(2 ** 32 - 1)
      .refine((table) => !RESERVED.includes(table), {
        error: 'write another number, such as 10: each stack has the tables 253 to 255 already',
      })
      .describe('Number of its routing table'),
    members: z
      .array(localDevice)
      .default([])
      .describe('Devices that it is the routing table of, in the same namespace'),
    mac: macField.optional(),
  }),
  kernelKind: 'vrf',
  makes: (spec) => [{ ...parseLocal(spec.name), path: ['name'], mac: spec.mac }],
  takes: ({ members }) => takeMembers(members),
  vrf: (spec) => ({ table: spec.table, members: spec.members.map((one) => parseLocal(one).name) }),
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    return [
      vrfResource.of({
        ...place,
        id: `vrf ${hop}`,
        wanted: { device: self.name, mac: context.mac(self), table: spec.table },
        makes: [hop],
        in: [stack],
        why: `VRF ${spec.name}`,
      }),
      ...spec.members.map((text) =>
        joinMaster(text, context, {
          ...{ kind: 'vrf', master: spec.name },
          why: `${text} has the routing table of ${spec.name}`,
        }),
      ),
    ];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const settings: VrfSettings = {
      table: spec.table,
      members: spec.members.map((one) => parseLocal(one).name),
    };
    return { hops: [context.hop(self, 'vrf', settings)], edges: [] };
  },
});
