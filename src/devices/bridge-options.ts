import { z } from 'zod';
import { PLAIN_BRIDGE, PLAIN_PORT, ROUTERS } from '../hops/bridge-settings.js';
import type { BridgePortState } from '../plan/resources/kinds/bridge-port.js';
import { mtuField } from '../topology/fields.js';
import { bridgePortFields, mask, portMask } from './bridge-port-fields.js';

/** What bridges of the host and bridges in nodes have in common: ip-link(8) `type bridge` and `bridge_slave`, bridge(8). */

/** The mask of all ports of a bridge. */
export const groupForwardMask = portMask.default(0);

/** Of the bridge as a whole the kernel refuses bits 0 to 2 (net/bridge/br_private.h, BR_GROUPFWD_RESTRICTED). */
const bridgeMask = mask.refine((bits) => (bits & 0b111) === 0, {
  error:
    'leave bits 0 to 2 (STP, PAUSE, LACP) out, as in 0xfff8: the kernel takes them per port only (`group_fwd_mask`)',
});

/** Settings of a bridge. */
export const bridgeFields = {
  group_fwd_mask: groupForwardMask.describe(
    'Reserved group addresses that each port lets through, bit n for 01:80:c2:00:00:0n: 0x4000 is LLDP, 0xfffd is all but PAUSE',
  ),
  bridge_group_fwd_mask: bridgeMask
    .default(0)
    .describe('The same for the bridge as a whole (the older setting, without bits 0 to 2)'),
  stp: z
    .boolean()
    .default(false)
    .describe('Run the spanning tree protocol of the kernel; ports forward after 4 seconds'),
  priority: z
    .int()
    .min(0)
    .max(65535)
    .default(PLAIN_BRIDGE.priority)
    .describe(
      'Of spanning tree: upper half of the identifier of the bridge; the lowest identifier is the root',
    ),
  snooping: z.boolean().default(false).describe('IGMP and MLD snooping'),
  querier: z
    .boolean()
    .default(false)
    .describe(
      'Ask for the members of groups, as a multicast router would; without a querier somewhere a bridge that snoops floods everything',
    ),
  igmp_version: z
    .int()
    .min(2)
    .max(3)
    .optional()
    .describe('Of its querier: version of IGMP in which it asks; 2 when left out'),
  mld_version: z
    .int()
    .min(1)
    .max(2)
    .optional()
    .describe(
      'Of its querier: version of MLD in which it asks, from the link-local address of its own device; 1 when left out. A bridge without an IPv6 address asks for IPv4 alone',
    ),
  vlan_filtering: z
    .boolean()
    .default(false)
    .describe('Sort frames into VLANs by their tags; every port is in VLAN 1, untagged'),
  mtu: mtuField
    .optional()
    .describe(
      "MTU of the bridge's own device. It limits what the bridge itself sends; what it forwards is limited by the MTU of the port that it leaves by",
    ),
};

export type BridgeSpec = z.output<z.ZodObject<typeof bridgeFields>>;
export type BridgePortSpec = z.output<z.ZodObject<typeof bridgePortFields>>;

/** A bridge, and a port of one, that nobody set anything of. */
export const plainBridge: BridgeSpec = z.object(bridgeFields).parse({});
export const bridgePort: BridgePortSpec = z.object(bridgePortFields).parse({});

/** Centiseconds that a port listens, and then learns, before it forwards: the least with spanning tree (IEEE 802.1D allows 4 s; net/bridge/br_private_stp.h, BR_MIN_FORWARD_DELAY). */
const FORWARD_DELAY = 200;
/** Centiseconds until a querier that has just begun believes what it heard: the shortest that IGMP can say, so that nobody waits for it (RFC 2236, 2.2). */
const QUERY_RESPONSE = 10;
/** Centiseconds between its first questions, and how many those are: bridges behind it, and its own IPv6 address, may be there only a while later. */
const FIRST_QUERIES = { interval: 100, count: 30 } as const;

/**
 * What is set of a bridge when it is made, and what only once it is there, in the words of ip-link(8). A querier counts
 * what it may believe from when it is switched on, so that comes after its interval (net/bridge/br_multicast.c,
 * br_multicast_set_querier).
 */
export const bridgeOptions = (
  spec: BridgeSpec,
): Readonly<Record<'options' | 'late', Readonly<Record<string, string>>>> => ({
  options: {
    stp_state: String(Number(spec.stp)),
    mcast_snooping: String(Number(spec.snooping)),
    forward_delay: String(spec.stp ? FORWARD_DELAY : 0),
    ...(spec.priority !== PLAIN_BRIDGE.priority && { priority: String(spec.priority) }),
    ...(spec.bridge_group_fwd_mask !== 0 && { group_fwd_mask: hex(spec.bridge_group_fwd_mask) }),
    ...(spec.querier && {
      mcast_query_response_interval: String(QUERY_RESPONSE),
      mcast_startup_query_interval: String(FIRST_QUERIES.interval),
      mcast_startup_query_count: String(FIRST_QUERIES.count),
    }),
    ...(spec.igmp_version !== undefined && { mcast_igmp_version: String(spec.igmp_version) }),
    ...(spec.mld_version !== undefined && { mcast_mld_version: String(spec.mld_version) }),
    ...(spec.vlan_filtering && { vlan_filtering: '1' }),
  },
  late: spec.querier ? { mcast_querier: '1' } : {},
});

const hex = (bits: number): string => `0x${bits.toString(16)}`;

/** What a port lets in: its own mask, or that of all ports. */
export const maskOf = (spec: BridgeSpec, port: BridgePortSpec): number =>
  port.group_fwd_mask ?? spec.group_fwd_mask;

/** What is set of a port of a bridge, in the words of ip-link(8) and bridge(8). */
export const bridgePortOptions = (
  spec: BridgeSpec,
  port: BridgePortSpec,
): Pick<BridgePortState, 'options' | 'vlans' | 'macs'> => ({
  options: {
    ...(maskOf(spec, port) !== 0 && { group_fwd_mask: hex(maskOf(spec, port)) }),
    ...(port.isolated && { isolated: 'on' }),
    ...(port.hairpin && { hairpin: 'on' }),
    ...Object.fromEntries(SWITCHES.filter((word) => !port[word]).map((word) => [word, 'off'])),
    ...Object.fromEntries(GUARDS.filter((word) => port[word]).map((word) => [word, 'on'])),
    ...(port.mcast_router !== 'auto' && {
      mcast_router: String(ROUTERS.indexOf(port.mcast_router)),
    }),
    ...(port.macs && { locked: 'on' }),
    ...(port.cost !== undefined && { cost: String(port.cost) }),
    ...(port.priority !== PLAIN_PORT.priority && { priority: String(port.priority) }),
  },
  ...(spec.vlan_filtering && { vlans: { pvid: port.pvid, tagged: taggedOf(port) } }),
  ...(port.macs && { macs: [...new Set(port.macs)].sort() }),
});

/** What is on at a port unless somebody switches it off, named as by ip-link(8). */
const SWITCHES = ['learning', 'flood', 'mcast_flood', 'bcast_flood'] as const;

/** What is off at a port unless somebody switches it on, named as by ip-link(8). */
const GUARDS = ['guard', 'root_block', 'neigh_suppress'] as const;

/** VLANs that cross a port with a tag. Those of its PVID never have one, listed or not. */
export const taggedOf = ({ pvid, vlans }: BridgePortSpec): readonly number[] =>
  [...new Set(vlans)].filter((id) => id !== pvid).sort((a, b) => a - b);
