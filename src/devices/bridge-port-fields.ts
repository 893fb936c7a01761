import { z } from 'zod';
import { PLAIN_PORT, ROUTERS } from '../hops/bridge-settings.js';
import { macField } from '../topology/fields.js';
import { bridgeEntryFields } from './bridge-entries.js';

/** What may be said of a port of a bridge: ip-link(8) `type bridge_slave`, bridge(8). */

export const mask = z.int().min(0).max(0xffff);

/**
 * Which reserved group addresses a bridge port lets in: bit n stands for 01:80:c2:00:00:0n. The kernel
 * refuses bit 1 (PAUSE) on a port (net/bridge/br_netlink.c, BR_GROUPFWD_MACPAUSE; since Linux 4.15).
 */
export const portMask = mask.refine((bits) => (bits & 0b10) === 0, {
  error: 'leave bit 1 (PAUSE) out, as in 0xfffd: the kernel never forwards it',
});

const vlan = z.int().min(1).max(4094);

/** Settings of one port of a bridge. */
export const bridgePortFields = {
  group_fwd_mask: portMask.optional().describe('`group_fwd_mask` of this port alone'),
  isolated: z.boolean().default(false).describe('Isolated ports do not hear each other'),
  hairpin: z
    .boolean()
    .default(false)
    .describe('Send frames back by the port that they came by (reflective relay)'),
  learning: z
    .boolean()
    .default(true)
    .describe('Learn behind this port who sends; without, what is for them goes to every port'),
  flood: z
    .boolean()
    .default(true)
    .describe('Send what is for a MAC that the bridge knows behind no port by this port too'),
  mcast_flood: z.boolean().default(true).describe('Send groups that are flooded by this port too'),
  bcast_flood: z.boolean().default(true).describe('Send broadcasts by this port too'),
  guard: z
    .boolean()
    .default(false)
    .describe(
      'Of spanning tree: a BPDU that comes in disables the port, until it is set down and up (BPDU guard)',
    ),
  root_block: z
    .boolean()
    .default(false)
    .describe('Of spanning tree: the port never becomes the way to the root (root guard)'),
  neigh_suppress: z
    .boolean()
    .default(false)
    .describe(
      'Do not send by this port questions for addresses (ARP, ND) that the neighbour table of the bridge answers, as on a VXLAN device; the bridge answers them itself',
    ),
  mcast_router: z
    .enum(ROUTERS)
    .default('auto')
    .describe(
      'With `snooping`: is there a multicast router behind this port, which gets all groups? `auto`: where one is heard',
    ),
  ...bridgeEntryFields,
  macs: z
    .array(macField)
    .optional()
    .describe(
      'The only MACs that may send by this port, as a cloud lists them: the port is locked (bridge(8) `locked`), and the bridge has a static entry for each',
    ),
  cost: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe(
      'Of spanning tree: what a way to the root over this port costs; by the speed of the device when left out (2 for a veth, 100 for a virtio NIC)',
    ),
  priority: z
    .int()
    .min(0)
    .max(63)
    .default(PLAIN_PORT.priority)
    .describe(
      'Of spanning tree: upper part of the identifier of the port; of two ways that cost the same the one by the lower identifier of the neighbour is taken',
    ),
  pvid: z
    .int()
    .min(0)
    .max(4094)
    .default(1)
    .describe('With `vlan_filtering`: VLAN of frames without a tag; 0 for none'),
  vlans: z
    .array(vlan)
    .default([])
    .describe(
      'With `vlan_filtering`: VLANs that cross tagged; to list the `pvid` too changes nothing',
    ),
};
