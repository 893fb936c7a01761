import { drop } from './rules.js';
import type { Forwarding, FrameSpec, Hop } from './types.js';

/** IGMP and MLD snooping of a Linux bridge: net/bridge/br_multicast.c, RFC 4541. */

const IPV4_GROUP = '01:00:5e:';
const IPV6_GROUP = '33:33:';
/** 224.0.0.x, always flooded (RFC 4541, 2.1.2): br_multicast_ipv4_rcv, ipv4_is_local_multicast. */
const LINK_LOCAL = '01:00:5e:00:00:';
/** ff02::1: br_multicast_ipv6_rcv, ipv6_addr_is_ll_all_nodes. */
const ALL_NODES = '33:33:00:00:00:01';
/** 224.0.0.1, where general queries go, which are flooded. */
const ALL_HOSTS = '01:00:5e:00:00:01';

/** Is it a report of a receiver, or for a group that somebody must have joined? */
function wantsRouter({ class: name, dst }: FrameSpec): boolean {
  if (name === 'igmp') return dst !== ALL_HOSTS;
  if (dst.startsWith(IPV6_GROUP)) return dst !== ALL_NODES;
  return dst.startsWith(IPV4_GROUP) && !dst.startsWith(LINK_LOCAL);
}

/**
 * What a bridge with snooping keeps from a port. Without a querier it floods everything, since it cannot know who
 * listens (br_multicast_querier_exists). A group that the receiver has joined by a report is handed to its port.
 */
export function snooped(
  bridge: Hop,
  _from: Hop,
  to: Hop,
  frame: FrameSpec,
): Forwarding | undefined {
  const { snooping, querier } = bridge.settings;
  if (snooping !== true || querier !== true || !wantsRouter(frame)) return undefined;
  if (frame.joined === true && frame.class !== 'igmp') return undefined;
  return drop(
    frame.class === 'igmp'
      ? `The bridge snoops, and hands reports to ports with a multicast router alone; ${to.label} has none.`
      : `The bridge snoops, and nobody behind ${to.label} has joined the group ${frame.dst}.`,
    'Set `snooping: false`, or let a program at the receiver join the group.',
    'Linux net/bridge/br_multicast.c: br_multicast_ipv4_rcv, br_multicast_ipv6_rcv, br_ip4_multicast_igmp3_report; br_forward.c: br_multicast_flood; RFC 4541 2.1',
  );
}
