import { BROADCAST, isGroup } from './rules.js';
import type { FrameClass, FrameSpec, Hop } from './types.js';

/** What of an end of a path a frame depends on. */
export interface FrameEnd {
  /** MAC of the device, lower case with colons. */
  readonly mac: string;
  /** Octets that its MTU counts; 1500 when left out (RFC 894). */
  readonly mtu?: number | undefined;
}

/** The two ends of a path, in the direction of the frame. */
export interface FrameEnds {
  readonly from: FrameEnd;
  readonly to: FrameEnd;
}

const ETHERNET_MTU = 1500;

/** A unicast MAC that no device has: the range for documentation, RFC 7042 section 2.1.2. */
export const FOREIGN_MAC = '00:00:5e:00:53:01';

/** VLAN of a tagged frame: any but 1, which bridges have by default. */
export const TAGGED_VLAN = 100;

/** How the frames of a class are addressed, tagged and sized, with the source of it. */
interface FrameForm {
  readonly dst: (to: FrameEnd) => string;
  readonly vlan?: number;
  /** Octets of payload; small without. */
  readonly payload?: (from: FrameEnd) => number;
  /** Nobody joins this group: it ends in the MAC layer of the receiver. */
  readonly joinless?: true;
  readonly source: string;
}

const toAll = (): string => BROADCAST;
const toOwn = ({ mac }: FrameEnd): string => mac;
const toGroup = (mac: string) => (): string => mac;
const mtuOf = ({ mtu = ETHERNET_MTU }: FrameEnd): number => mtu;

/** Solicited-node group of the link-local address that is made of a MAC: RFC 4291 section 2.7.1, RFC 2464 sections 5 and 7. */
const toSolicited = ({ mac }: FrameEnd): string => `33:33:ff:${mac.slice(9)}`;

const SLOW = 'IEEE 802.3-2018 table 57A-1: slow protocols multicast address';

const forms: Readonly<Record<FrameClass, FrameForm>> = {
  lldp: {
    dst: toGroup('01:80:c2:00:00:0e'),
    source: 'IEEE 802.1AB-2016 7.1: nearest bridge group address',
  },
  stp: {
    dst: toGroup('01:80:c2:00:00:00'),
    source: 'IEEE 802.1Q-2018 table 8-1: nearest customer bridge group address',
  },
  lacp: { dst: toGroup('01:80:c2:00:00:02'), source: SLOW },
  dot1x: {
    dst: toGroup('01:80:c2:00:00:03'),
    source: 'IEEE 802.1X-2010 11.1.1: PAE group address',
  },
  pause: {
    dst: toGroup('01:80:c2:00:00:01'),
    joinless: true,
    source: 'IEEE 802.3-2018 31B.1: MAC control PAUSE',
  },
  cdp: {
    dst: toGroup('01:00:0c:cc:cc:cc'),
    source: 'Open vSwitch lib/packets.c: eth_addr_is_reserved (PAgP, UDLD, CDP, DTP, VTP)',
  },
  'arp-request': { dst: toAll, source: 'RFC 826: a request is broadcast' },
  'arp-reply': { dst: toOwn, source: 'RFC 826: a reply goes to the asker' },
  icmp: { dst: toOwn, source: 'RFC 792' },
  icmp6: { dst: toOwn, source: 'RFC 4443' },
  'nd-solicitation': { dst: toSolicited, source: 'RFC 4861 4.3' },
  'nd-advertisement': { dst: toOwn, source: 'RFC 4861 4.4: solicited, to the asker' },
  mdns: { dst: toGroup('01:00:5e:00:00:fb'), source: 'RFC 6762 3: 224.0.0.251; RFC 1112 6.4' },
  igmp: { dst: toGroup('01:00:5e:00:00:16'), source: 'RFC 3376 4.2.14: 224.0.0.22; RFC 1112 6.4' },
  'vlan-tagged': { dst: toOwn, vlan: TAGGED_VLAN, source: 'IEEE 802.1Q-2018 9.3' },
  mtu: { dst: toOwn, payload: mtuOf, source: 'netdevice(7) SIOCGIFMTU' },
  'over-mtu': {
    dst: toOwn,
    payload: (from) => mtuOf(from) + 1,
    source: 'netdevice(7) SIOCGIFMTU',
  },
  'unicast-own': { dst: toOwn, source: 'IEEE 802-2014 8.2.2: individual address' },
  'unicast-foreign': { dst: () => FOREIGN_MAC, source: 'RFC 7042 2.1.2' },
};

/** Standard or manual page from which a class has its destination and size. */
export const sourceOf = (frameClass: FrameClass): string => forms[frameClass].source;

/**
 * The frame that stands for its class between two ends: its addresses, tag and size, and that the receiver has
 * joined the group that it goes to, as the program does that waits for such frames. Pure.
 */
export function frameOf(frameClass: FrameClass, { from, to }: FrameEnds): FrameSpec {
  const { dst: destination, vlan, payload, joinless } = forms[frameClass];
  const dst = destination(to);
  return {
    class: frameClass,
    src: from.mac,
    dst,
    ...(vlan !== undefined && { vlan }),
    ...(payload && { payload: payload(from) }),
    ...(isGroup(dst) && dst !== BROADCAST && joinless !== true && { joined: true }),
  };
}

/** What a frame needs to know of a hop at which it starts or ends. */
export const frameEnd = ({ settings }: Hop): FrameEnd => ({
  mac: settings.mac ?? '',
  mtu: typeof settings.mtu === 'number' ? settings.mtu : undefined,
});
