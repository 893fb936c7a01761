import { ETHER_TYPES, UNTAGGED, type Frame } from './frame.js';
import { BROADCAST, NO_MAC } from './mac.js';

/** Frames of ARP, neighbour discovery and ICMP echo as values, as Linux sends them. */

/** A device with an address: MAC in lower case with colons, IP in canonical form. */
export interface Speaker {
  readonly mac: string;
  readonly ip: string;
}

/** ARP: RFC 826. A request is broadcast, a reply goes to the asker. */
const arp = (op: 'request' | 'reply', from: Speaker, to: Speaker, dst: string): Frame => ({
  src: from.mac,
  dst,
  vlans: UNTAGGED,
  etherType: ETHER_TYPES.arp,
  arp: { op, senderMac: from.mac, senderIp: from.ip, targetMac: to.mac, targetIp: to.ip },
});

/** Who has an address? */
export const arpRequest = (from: Speaker, target: string): Frame =>
  arp('request', from, { mac: NO_MAC, ip: target }, BROADCAST);

/** I have it. */
export const arpReply = (from: Speaker, to: Speaker): Frame => arp('reply', from, to, to.mac);

/** Time to live that Linux gives a packet: ip-sysctl, ip_default_ttl. */
export const DEFAULT_TTL = 64;

/** Protocol numbers: IANA. */
const PROTOCOLS = { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmp6: 58 } as const;

const ICMP_TYPES = { 'echo-request': 8, 'echo-reply': 0 } as const;
const ICMP6_TYPES = { 'echo-request': 128, 'echo-reply': 129 } as const;

/** What of an IP packet does not change from hop to hop. */
export interface IpHead {
  readonly family: 4 | 6;
  /** IP addresses. */
  readonly src: string;
  readonly dst: string;
  /** Octets of the packet; small without. */
  readonly size?: number | undefined;
  /** Must routers and bridges leave it whole? */
  readonly dontFragment?: boolean;
  /** It is the largest of the parts into which it was cut. */
  readonly isCut?: boolean;
}

interface Echo extends IpHead {
  readonly kind: 'echo-request' | 'echo-reply';
  readonly id: number;
}

/** From whom to whom a packet goes on a segment, by MACs, and its time to live, or hop limit, there. */
export interface Segment {
  readonly src: string;
  readonly dst: string;
  readonly ttl?: number;
}

/** What tells a part of a packet from a whole one. */
const FIRST_PART = { fragment: { id: 0, offset: 0, more: true } } as const;

const EMPTY = new Uint8Array();

/** An IP packet without what it carries: RFC 791, RFC 8200. */
function ipFrame(head: IpHead, protocol: number, { src, dst, ttl = DEFAULT_TTL }: Segment): Frame {
  const { family, size, isCut = false, dontFragment = true } = head;
  const part = isCut ? FIRST_PART : {};
  const sized = size === undefined ? {} : { payload: size };
  const ends = { src: head.src, dst: head.dst };
  const around = { src, dst, vlans: UNTAGGED, ...sized };
  if (family === 4) {
    const ipv4 = { ...ends, protocol, ttl, dontFragment, ...part };
    return { ...around, etherType: ETHER_TYPES.ipv4, ipv4 };
  }
  const ipv6 = { ...ends, nextHeader: protocol, protocol, hopLimit: ttl, ...part };
  return { ...around, etherType: ETHER_TYPES.ipv6, ipv6 };
}

/** An ICMP echo: RFC 792, RFC 4443. */
export function echoFrame(echo: Echo, segment: Segment): Frame {
  const { family, kind, id } = echo;
  const message = { code: 0, kind, id, seq: 1, payload: EMPTY };
  return family === 4
    ? {
        ...ipFrame(echo, PROTOCOLS.icmp, segment),
        icmp: { type: ICMP_TYPES[kind], ...message },
      }
    : {
        ...ipFrame(echo, PROTOCOLS.icmp6, segment),
        icmp6: { type: ICMP6_TYPES[kind], ...message },
      };
}

/** Ports, 0 for one that nobody knows beforehand, and data. */
interface Carried {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload: Uint8Array;
}

/** A datagram: RFC 768. */
export const udpFrame = (head: IpHead, segment: Segment, udp: Carried): Frame => ({
  ...ipFrame(head, PROTOCOLS.udp, segment),
  udp: { ...udp, length: udp.payload.length },
});

/** A segment of TCP: RFC 9293. */
export const tcpFrame = (
  head: IpHead,
  segment: Segment,
  tcp: Carried & { readonly syn: boolean; readonly ack: boolean },
): Frame => ({
  ...ipFrame(head, PROTOCOLS.tcp, segment),
  tcp: { ...tcp, rst: false, fin: false },
});

/** Neighbour discovery comes with a hop limit of 255: RFC 4861, 7.1. */
const ONE_LINK = 255;

const discovery = (
  kind: 'neighbor-solicitation' | 'neighbor-advertisement',
  from: Speaker,
  to: { readonly mac: string; readonly ip: string },
  target: string,
): Frame => {
  const type = kind === 'neighbor-solicitation' ? 135 : 136;
  const protocol = PROTOCOLS.icmp6;
  return {
    ...{ src: from.mac, dst: to.mac, vlans: UNTAGGED, etherType: ETHER_TYPES.ipv6 },
    ipv6: { src: from.ip, dst: to.ip, nextHeader: protocol, protocol, hopLimit: ONE_LINK },
    icmp6: { type, code: 0, kind, target, linkAddress: from.mac, payload: EMPTY },
  };
};

/** Who has an IPv6 address? Asked of its solicited-node group, which its owner has joined: RFC 4861, 7.2. */
export const solicitation = (from: Speaker, target: string): Frame => ({
  ...discovery('neighbor-solicitation', from, solicitedNode(target), target),
  joined: true,
});

/** I have it, said to who asked. */
export const advertisement = (from: Speaker, to: Speaker): Frame =>
  discovery('neighbor-advertisement', from, to, from.ip);

/** Solicited-node group of an IPv6 address: RFC 4291 section 2.7.1, and its MAC: RFC 2464 section 7. */
export function solicitedNode(ip: string): Speaker {
  const [head = [], tail = []] = ip.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const groups = ip.includes('::') ? [...head, ...zeros, ...tail] : head;
  const low = groups
    .slice(-2)
    .map((group) => group.padStart(4, '0'))
    .join('')
    .slice(2);
  const octets = low.match(/../g) ?? [];
  return {
    mac: ['33', '33', 'ff', ...octets].join(':'),
    ip: `ff02::1:ff${low.slice(0, 2)}:${low.slice(2)}`,
  };
}
