import { isAt, portOf, type BridgeSettings } from './bridge-settings.js';
import { vlanAt } from './bridge-vlan.js';
import { chance, drop } from './outcome.js';
import { causeOf } from './prediction.js';
import type { Frame } from '../frames/frame.js';
import { reportedIn } from '../frames/groups.js';
import { isGroup } from '../frames/mac.js';
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
type SnoopingResult = 'flooded' | 'handed' | 'perhaps handed' | Forwarding;

const isReport = (frame: Frame): boolean => reportedIn(frame).length > 0;

/** The group that a frame is for: what is of IP is known by its address alone, several of which have one MAC (br_mdb_get). */
interface Group {
  readonly ip: string | undefined;
  readonly family: 4 | 6 | undefined;
  /** Who asks for members, and who answers, is for no group: br_mdb_entry_skb_get. */
  readonly isTalk: boolean;
  /** Only its members and routers are handed it: BR_INPUT_SKB_CB_MROUTERS_ONLY. */
  readonly isForMembers: boolean;
}

function groupOf({ igmp, icmp6, ipv4, ipv6 }: Frame): Group {
  const ip = (ipv4 ?? ipv6)?.dst;
  if (ip === undefined || !isMulticast(ip))
    return { ip: undefined, family: undefined, isTalk: false, isForMembers: false };
  if (ipv4) {
    const isFlooded = igmp
      ? igmp.kind !== 'report' || igmp.type === REPORT_V3
      : LINK_LOCAL.test(ip);
    return { ip, family: 4, isTalk: igmp !== undefined, isForMembers: !isFlooded };
  }
  const isMld = icmp6?.groups !== undefined;
  const isFlooded = isMld ? icmp6.kind !== 'listener-report' : ip === ALL_NODES;
  return { ip, family: 6, isTalk: isMld, isForMembers: !isFlooded };
}

/** Does somebody ask for the members of groups? For IPv6 only who has an address to ask from, which takes a while: br_ip6_multicast_alloc_query. */
function isAsked({ id, settings }: Hop<BridgeSettings>, { queriers }: World, family: 4 | 6) {
  const heard = queriers.get(id);
  if (!settings.querier && !heard) return 'no';
  if (family === 4) return 'yes';
  return (settings.querier && settings.hasIpv6) || heard?.asksIpv6 === true ? 'perhaps' : 'no';
}

/**
 * What a bridge that snoops does with a frame for a group. Without a querier it floods what is of IP, since it cannot know
 * who listens (br_multicast_querier_exists). With one it hands packets of groups to the ports by which it has heard of
 * members, or a router: those it does not flood (br_multicast_flood). A group that it was told is handed to the ports it was told.
 */
export function snooped(at: At, frame: Frame, world: World): SnoopingResult {
  const { hop, to } = at;
  if (!hop.settings.snooping || !isGroup(frame.dst)) return 'flooded';
  const group = groupOf(frame);
  const told = group.isTalk ? [] : toldPorts(at, frame, group);
  const isTold = told.length > 0;
  // Where a querier asks by an older version, it is answered by one whose reports routers are handed.
  if (!isTold && !group.isForMembers)
    return isReport(frame) && isRouter(hop, to, world) ? 'perhaps handed' : 'flooded';
  const asked = group.family === undefined ? 'yes' : isAsked(hop, world, group.family);
  if (asked === 'no') return 'flooded';
  const isFor = told.includes(to?.id ?? '') || isMember(at, frame, group, world);
  if (isFor || isRouter(hop, to, world)) return asked === 'yes' ? 'handed' : 'perhaps handed';
  const cause = withheld(at, frame, group, isTold);
  return asked === 'yes'
    ? drop(cause.reason, cause.remedy, cause.source)
    : chance(undefined, cause);
}

/** Why a port is not handed what is for a group. */
function withheld({ hop, to }: At, frame: Frame, { ip, family }: Group, isTold: boolean) {
  const where = to ? `behind ${to.label}` : `in the stack of ${hop.label}`;
  const why = isReport(frame)
    ? `hands reports of this version to ports with a multicast router alone; ${to?.label ?? hop.label} has none`
    : isTold
      ? `has the group ${ip ?? frame.dst} in the \`mdb\` of other ports, and ${to?.label ?? hop.label} is none of them`
      : `has heard from nobody ${where} that they are in the group ${ip ?? ''}`;
  return {
    reason: `The bridge snoops, and ${why}.`,
    remedy: isTold
      ? 'Add the group to the `mdb` of that port, or let a program at the receiver join it.'
      : 'Set `snooping: false`, or let a program at the receiver join the group.',
    source: `Linux net/bridge/br_multicast.c: ${family === undefined ? 'br_mdb_entry_skb_get' : `br_multicast_ipv${family}_rcv (mrouters_only)`}; br_forward.c: br_multicast_flood; RFC 4541 2.1; bridge(8) mdb`,
  };
}

/** Ids of the ports that the file says a group goes to. */
function toldPorts({ hop, from }: At, frame: Frame, { ip }: Group): readonly string[] {
  const all = Object.entries(hop.settings.ports);
  if (all.every(([, { groups }]) => groups.length === 0)) return [];
  const vlan = vlanAt(hop, from, frame);
  return all.flatMap(([id, { groups }]) =>
    groups.some((entry) => isAt(entry, frame.dst, vlan) && entry.ip === ip) ? [id] : [],
  );
}

/** Has the bridge heard by a port that somebody is in the group? Whoever has joined before anybody listened has been heard. */
function isMember({ hop, from, to }: At, frame: Frame, { ip }: Group, { memory }: World): boolean {
  if (isReport(frame)) return false;
  const ports =
    to && ip !== undefined ? memory.portsOf(hop, vlanAt(hop, from, frame), ip) : undefined;
  return ports ? ports.has(to?.id ?? '') : frame.joined === true;
}

/** Is there a multicast router behind a port: as the file says, or one that is heard? */
function isRouter(hop: Hop<BridgeSettings>, to: Hop | undefined, { queriers }: World): boolean {
  if (!to) return false;
  const { router } = portOf(hop, to);
  return router === 'auto' ? queriers.get(hop.id)?.ports.has(to.id) === true : router === 'always';
}

/** What becomes of a frame at a port. What is handed to the members of a group is not flooded to them. @param flooding - what keeps it from being flooded there */
export function withSnooping(
  flooding: Forwarding | undefined,
  snoop: SnoopingResult,
): Forwarding | undefined {
  if (snoop === 'handed') return undefined;
  if (snoop === 'perhaps handed' && flooding?.action === 'drop')
    return chance(undefined, causeOf(flooding));
  return flooding?.action === 'drop' || typeof snoop === 'string' ? flooding : snoop;
}
