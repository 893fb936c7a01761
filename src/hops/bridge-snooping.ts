import { isAt, portOf, type BridgeSettings } from './bridge-settings.js';
import { vlanAt } from './bridge-vlan.js';
import { isGroup } from '../frames/mac.js';
import { drop } from './outcome.js';
import { ETHER_TYPES, type Frame } from '../frames/frame.js';
import type { Forwarding, Hop } from './types.js';

/** IGMP and MLD snooping of a Linux bridge: net/bridge/br_multicast.c, RFC 4541. */

/** 224.0.0.x, always flooded (RFC 4541, 2.1.2): br_multicast_ipv4_rcv, ipv4_is_local_multicast. */
const LINK_LOCAL = '01:00:5e:00:00:';
/** 224.0.0.1 and 224.0.0.22, where general queries and reports of version 3 go, which are flooded. */
const QUERIES_AND_NEW_REPORTS: readonly string[] = ['01:00:5e:00:00:01', '01:00:5e:00:00:16'];
/** ff02::1 and ff02::16, the same of MLD: br_multicast_ipv6_rcv, ipv6_addr_is_ll_all_nodes; br_ip6_multicast_mld2_report. */
const FLOODED6: readonly string[] = ['33:33:00:00:00:01', '33:33:00:00:00:16'];

/** The IP whose group a frame is for; 0 where it is of neither. */
const familyOf = ({ dst, etherType }: Frame): 4 | 6 | 0 => {
  if (dst.startsWith('01:00:5e:') && etherType === ETHER_TYPES.ipv4) return 4;
  return dst.startsWith('33:33:') && etherType === ETHER_TYPES.ipv6 ? 6 : 0;
};

/** Is it a report of version 1 or 2, or for a group that somebody must have joined? */
const wantsRouter = (frame: Frame, family: 4 | 6 | 0): boolean => {
  const { igmp, dst } = frame;
  if (family === 6) return !FLOODED6.includes(dst);
  if (igmp) return !QUERIES_AND_NEW_REPORTS.includes(dst);
  return family === 4 && !dst.startsWith(LINK_LOCAL);
};

const SOURCE =
  'Linux net/bridge/br_multicast.c: br_multicast_ipv4_rcv (mrouters_only); br_forward.c: br_multicast_flood; RFC 4541 2.1; bridge(8) mdb';

/**
 * What a bridge with snooping keeps from a port. Without a querier it floods all groups of IP, since it cannot know who
 * listens (br_multicast_querier_exists). Its own querier asks for IPv6 where it has an address to ask from
 * (br_ip6_multicast_alloc_query). A group that the receiver has joined by a report is handed to its port.
 */
export function snooped(
  bridge: Hop<BridgeSettings>,
  from: Hop,
  to: Hop,
  frame: Frame,
): Forwarding | undefined {
  const { snooping, querier, asksIpv6 = false, ports } = bridge.settings;
  const { dst, igmp } = frame;
  if (!snooping || !isGroup(dst)) return undefined;
  const family = familyOf(frame);
  if (family !== 0 && !(querier && (family === 4 || asksIpv6))) return undefined;
  const { router, groups } = portOf(bridge, to);
  if (router === 'always') return undefined;
  const vlan = vlanAt(bridge, from, frame);
  // What is of IP is known by its address alone, several of which have one MAC: br_mdb_get.
  const ip = (frame.ipv4 ?? frame.ipv6)?.dst;
  const isIn = (entries: typeof groups) =>
    entries.some((entry) => isAt(entry, dst, vlan) && entry.ip === (family === 0 ? undefined : ip));
  const isKnown = igmp === undefined && Object.values(ports).some((port) => isIn(port.groups));
  if (isKnown ? isIn(groups) : !wantsRouter(frame, family)) return undefined;
  if (frame.joined === true && !igmp) return undefined;
  const why = igmp
    ? `hands reports of version 1 and 2 to ports with a multicast router alone; ${to.label} has none`
    : isKnown
      ? `has the group ${dst} in the \`mdb\` of other ports, and ${to.label} is none of them`
      : `nobody behind ${to.label} has joined the group ${dst}`;
  return drop(
    `The bridge snoops, and ${why}.`,
    isKnown
      ? 'Add the group to the `mdb` of that port, or let a program at the receiver join it.'
      : 'Set `snooping: false`, or let a program at the receiver join the group.',
    SOURCE,
  );
}
