import { z } from 'zod';
import { TAG_TYPES } from '../../frames/frame.js';
import type { VlanSettings } from '../../hops/kinds/vlan.js';
import { lowerEdge } from '../../hops/types.js';
import { duplicateField, macField } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';
import { makeOnLower, onLowerFields } from '../on-lower.js';

const priorities = (what: string) =>
  z
    .record(z.string().regex(/^\d{1,9}$/, { error: 'write a number' }), z.int().min(0).max(7), {
      error: 'write priorities by number, such as `{ 0: 5 }`',
    })
    .default({})
    .describe(what);

const mapWords = (name: string, map: Readonly<Record<string, number>>) =>
  Object.keys(map).length === 0
    ? {}
    : {
        [name]: Object.entries(map)
          .map((pair) => pair.join(':'))
          .sort()
          .join(' '),
      };

/** A VLAN device inside a node: net/8021q/, ip-link(8) `type vlan`. */
export const vlan = defineDevice({
  kind: 'vlan',
  title: 'VLAN device in a node',
  doc: `A device that sends by another one with the tag of a VLAN, and is alone in receiving what comes there with that tag.
Without a tag all stays as it is: the lower device keeps its stack, its addresses, other VLANs and the bridge that it is a port of.
A VLAN device on a VLAN device adds a second tag (QinQ: \`protocol: 802.1ad\` for the outer one).`,
  example: `{ kind: vlan, name: eth1.10, lower: eth1, id: 10 }`,
  schema: z.strictObject({
    kind: z.literal('vlan'),
    ...onLowerFields,
    id: z.int().min(1).max(4094).describe('Number of the VLAN'),
    protocol: z
      .enum(['802.1Q', '802.1ad'])
      .default('802.1Q')
      .describe('The standard of the tag: 802.1Q is that of customers, 802.1ad that of providers'),
    mac: macField.optional().describe('MAC address; that of the lower device when left out'),
    duplicate: duplicateField,
    egress: priorities(
      'The priority that is written into the tag, by the priority of the packet in the kernel (0 unless a program asks for another); 0 when left out',
    ),
    ingress: priorities(
      'The priority that a packet gets in the kernel, by that in its tag; 0 when left out',
    ),
  }),
  kernelKind: 'vlan',
  makes({ name, lower, mac, mtu }) {
    const below = parseLocal(lower);
    const made = { ...parseLocal(name), path: ['name'], mac, mtu, macOf: below, mtuOf: below };
    return [{ ...made, isTagging: true }];
  },
  lowers: ({ lower, id, protocol }) => [
    {
      ...{ ...parseLocal(lower), path: ['lower'], slot: `the ${protocol} tag of VLAN ${id}` },
      // Else it is ENETDOWN (net/8021q/vlan_dev.c, vlan_dev_open).
      isUpFirst: true,
    },
  ],
  cloudInit({ lower, id, mac, mtu, protocol, egress, ingress }) {
    const more = Object.keys({ ...egress, ...ingress }).length > 0 || mac !== undefined;
    if (more || protocol !== '802.1Q') return undefined;
    return { id, link: lower, ...(mtu !== undefined && { mtu }) };
  },
  plan(spec, context) {
    const { name, lower, id, protocol, egress, ingress, mac } = spec;
    const maps = { ...mapWords('egress-qos-map', egress), ...mapWords('ingress-qos-map', ingress) };
    return [
      makeOnLower(spec, context, {
        ...{ kind: 'vlan', mac, options: { protocol, id: String(id), ...maps } },
        why: `${name}: VLAN ${id} of ${lower}`,
      }),
    ];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const lower = context.hopId(parseLocal(spec.lower));
    const settings: VlanSettings = {
      lower,
      tag: { tpid: TAG_TYPES[spec.protocol], id: spec.id, priority: spec.egress[0] ?? 0 },
    };
    const hop = context.hop(self, 'vlan', settings);
    return { hops: [hop], edges: [lowerEdge(hop.id, lower)] };
  },
});
