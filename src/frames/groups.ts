import ipaddr from 'ipaddr.js';
import { ETHER_TYPES, UNTAGGED, type Frame } from './frame.js';
import { groupMac } from './mac.js';

/** Who is in which group: IGMP (RFC 3376) and MLD (RFC 3810), as Linux says it. */

/** What routers listen to: 224.0.0.22, ff02::16. */
const REPORTS = { 4: '224.0.0.22', 6: 'ff02::16' } as const;
const [IGMP, ICMP6] = [2, 58];
const [QUERY, REPORT] = [0x11, 0x22];
const MLD_REPORT = 143;

const igmpPacket = (src: string, dst: string): Pick<Frame, 'etherType' | 'ipv4' | 'vlans'> => ({
  ...{ vlans: UNTAGGED, etherType: ETHER_TYPES.ipv4 },
  ipv4: { src, dst, protocol: IGMP, ttl: 1, dontFragment: true },
});

/** A report that somebody is in a group now: RFC 3376, 4.2, RFC 3810, 5.2. @param source - IP address of the sender, if it has one */
export function membershipReport(mac: string, source: string | undefined, group: string): Frame {
  const family = ipaddr.parse(group).kind() === 'ipv4' ? 4 : 6;
  const to = REPORTS[family];
  const ends = { src: mac, dst: groupMac(to) };
  if (family === 4)
    return {
      ...{ ...ends, ...igmpPacket(source ?? '0.0.0.0', to) },
      igmp: { type: REPORT, kind: 'report', groups: [group] },
    };
  return {
    ...{ ...ends, vlans: UNTAGGED, etherType: ETHER_TYPES.ipv6 },
    ipv6: { src: source ?? '::', dst: to, nextHeader: 0, protocol: ICMP6, hopLimit: 1 },
    icmp6: {
      ...{ type: MLD_REPORT, code: 0, kind: 'listener-report-v2', groups: [group] },
      payload: new Uint8Array(),
    },
  };
}

/** The question who is in which group, as a bridge asks it: RFC 2236, 2; from no address (net/bridge/br_multicast.c, br_ip4_multicast_alloc_query). */
export const generalQuery = (mac: string): Frame => ({
  ...{ src: mac, dst: groupMac('224.0.0.1'), ...igmpPacket('0.0.0.0', '224.0.0.1') },
  igmp: { type: QUERY, kind: 'query', groups: [] },
});

/** The groups in which its sender says that it is. */
export function reportedIn({ igmp, icmp6 }: Frame): readonly string[] {
  if (igmp?.kind === 'report') return igmp.groups;
  const isReport = icmp6?.kind === 'listener-report' || icmp6?.kind === 'listener-report-v2';
  return (isReport ? icmp6.groups : undefined) ?? [];
}
