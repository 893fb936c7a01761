import type { FrameClass } from '../classes.js';
import * as control from './control.js';
import type { FrameTemplate } from './define.js';
import * as ip from './ip.js';
import * as plain from './plain.js';

/** How to make a frame of each class. */
export const frameTemplates: Readonly<Record<FrameClass, FrameTemplate>> = {
  lldp: control.lldp,
  stp: control.stp,
  lacp: control.lacp,
  dot1x: control.dot1x,
  pause: control.pause,
  cdp: control.cdp,
  'arp-request': ip.arpRequest,
  'arp-reply': ip.arpReply,
  icmp: ip.icmp,
  icmp6: ip.icmp6,
  'nd-solicitation': ip.ndSolicitation,
  'nd-advertisement': ip.ndAdvertisement,
  mdns: ip.mdns,
  igmp: ip.igmp,
  'vlan-tagged': plain.vlanTagged,
  mtu: plain.mtu,
  'over-mtu': plain.overMtu,
  'unicast-own': plain.unicastOwn,
  'unicast-foreign': plain.unicastForeign,
};
