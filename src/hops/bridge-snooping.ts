import type { BridgeSettings } from './bridge-settings.js';
import { drop } from './outcome.js';
import type { Frame } from '../frames/frame.js';
import type { Forwarding, Hop } from './types.js';

/** IGMP snooping of a Linux bridge: net/bridge/br_multicast.c, RFC 4541. */

const IPV4_GROUP = '01:00:5e:';
/** 224.0.0.x, always flooded (RFC 4541, 2.1.2): br_multicast_ipv4_rcv, ipv4_is_local_multicast. */
const LINK_LOCAL = '01:00:5e:00:00:';
/** 224.0.0.1 and 224.0.0.22, where general queries and reports of version 3 go, which are flooded. */
const QUERIES_AND_NEW_REPORTS: readonly string[] = ['01:00:5e:00:00:01', '01:00:5e:00:00:16'];

/** Is it a report of version 1 or 2, or for a group that somebody must have joined? */
const wantsRouter = ({ igmp, dst }: Frame): boolean =>
  igmp
    ? !QUERIES_AND_NEW_REPORTS.includes(dst)
    : dst.startsWith(IPV4_GROUP) && !dst.startsWith(LINK_LOCAL);

/**
 * What a bridge with snooping keeps from a port. Without a querier it floods everything, since it cannot know who
 * listens (br_multicast_querier_exists). Its own querier asks for IPv4 alone, since it has no IPv6 address to ask from
 * (br_ip6_multicast_alloc_query). A group that the receiver has joined by a report is handed to its port.
 */
export function snooped(
  bridge: Hop<BridgeSettings>,
  to: Hop,
  frame: Frame,
): Forwarding | undefined {
  const { snooping, querier } = bridge.settings;
  if (!snooping || !querier || !wantsRouter(frame)) return undefined;
  if (frame.joined === true && !frame.igmp) return undefined;
  return drop(
    frame.igmp
      ? `The bridge snoops, and hands reports of version 1 and 2 to ports with a multicast router alone; ${to.label} has none.`
      : `The bridge snoops, and nobody behind ${to.label} has joined the group ${frame.dst}.`,
    'Set `snooping: false`, or let a program at the receiver join the group.',
    'Linux net/bridge/br_multicast.c: br_multicast_ipv4_rcv (mrouters_only); br_forward.c: br_multicast_flood; RFC 4541 2.1',
  );
}
