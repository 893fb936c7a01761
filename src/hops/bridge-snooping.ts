import type { BridgeSettings } from './bridge-settings.js';
import { vlanAt } from './bridge-vlan.js';
import { chance, drop } from './outcome.js';
import type { Frame } from '../frames/frame.js';
import { reportedIn } from '../frames/groups.js';
import { isMulticast } from '../topology/address.js';
import type { Forwarding, Hop } from './types.js';
import type { World } from './world.js';

/** IGMP and MLD snooping of a Linux bridge: net/bridge/br_multicast.c, RFC 4541. */

type At = {
  readonly hop: Hop<BridgeSettings>;
  readonly from: Hop | undefined;
  readonly to: Hop | undefined;
};

const REPORT_V3 = 0x22;
/** 224.0.0.x, always flooded (RFC 4541, 2.1.2): br_multicast_ipv4_rcv, ipv4_is_local_multicast. */
const LINK_LOCAL = /^224\.0\.0\.\d+$/;
const ALL_NODES = 'ff02::1';

/** What snooping decides: to flood a frame, to hand it to a port whatever is flooded there, one of the two, or not at all. */
export type SnoopingResult = 'flooded' | 'handed' | 'perhaps handed' | Forwarding;

const isReport = (frame: Frame): boolean => reportedIn(frame).length > 0;

/** The group that a packet is for, and whether only its members and routers are handed it: BR_INPUT_SKB_CB_MROUTERS_ONLY. */
function wanted({
  igmp,
  icmp6,
  ipv4,
  ipv6,
}: Frame): readonly [group: string, family: 4 | 6] | undefined {
  const group = (ipv4 ?? ipv6)?.dst;
  if (group === undefined || !isMulticast(group)) return undefined;
  if (ipv4) {
    const isFlooded = igmp
      ? igmp.kind !== 'report' || igmp.type === REPORT_V3
      : LINK_LOCAL.test(group);
    return isFlooded ? undefined : [group, 4];
  }
  const isMld = icmp6?.groups !== undefined;
  const isFlooded = isMld ? icmp6.kind !== 'listener-report' : group === ALL_NODES;
  return isFlooded ? undefined : [group, 6];
}

/** Does somebody ask for the members of groups? For IPv6 only who has an address to ask from, which takes a while: br_ip6_multicast_alloc_query. */
function isAsked({ id, settings }: Hop<BridgeSettings>, { queriers }: World, family: 4 | 6) {
  const heard = queriers.get(id);
  if (!settings.querier && !heard) return 'no';
  if (family === 4) return 'yes';
  return (settings.querier && settings.hasIpv6) || heard?.asksIpv6 === true ? 'perhaps' : 'no';
}

/**
 * What a bridge that snoops does with a frame for a group. Without a querier it floods everything, since it cannot know
 * who listens (br_multicast_querier_exists). With one it hands packets of groups to the ports by which it has heard of
 * members, or a querier: those it does not flood (br_multicast_flood).
 */
export function snooped(at: At, frame: Frame, world: World): SnoopingResult {
  const { hop, to } = at;
  if (!hop.settings.snooping) return 'flooded';
  const packet = wanted(frame);
  // Where a querier asks by an older version, it is answered by one whose reports routers are handed.
  if (!packet) return isReport(frame) && isRouter(hop, to, world) ? 'perhaps handed' : 'flooded';
  const [group, family] = packet;
  const asked = isAsked(hop, world, family);
  if (asked === 'no') return 'flooded';
  if (isMember(at, frame, group, world) || isRouter(hop, to, world))
    return asked === 'yes' ? 'handed' : 'perhaps handed';
  const where = to ? `behind ${to.label}` : `in the stack of ${hop.label}`;
  const cause = {
    reason: isReport(frame)
      ? `The bridge snoops, and hands reports of this version to ports with a multicast router alone; ${to?.label ?? hop.label} has none.`
      : `The bridge snoops, and has heard from nobody ${where} that they are in the group ${group}.`,
    remedy: 'Set `snooping: false`, or let a program at the receiver join the group.',
    source: `Linux net/bridge/br_multicast.c: br_multicast_ipv${family}_rcv (mrouters_only); br_forward.c: br_multicast_flood; RFC 4541 2.1`,
  };
  return asked === 'yes'
    ? drop(cause.reason, cause.remedy, cause.source)
    : chance(undefined, cause);
}

/** Has the bridge heard by a port that somebody is in the group? Whoever has joined before anybody listened has been heard. */
function isMember({ hop, from, to }: At, frame: Frame, group: string, { memory }: World): boolean {
  if (isReport(frame)) return false;
  const ports = to && memory.portsOf(hop, vlanAt(hop, from, frame), group);
  return ports ? ports.has(to.id) : frame.joined === true;
}

const isRouter = ({ id }: Hop, to: Hop | undefined, { queriers }: World): boolean =>
  to !== undefined && queriers.get(id)?.ports.has(to.id) === true;
