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
const PROTOCOLS = { icmp: 1, igmp: 2, udp: 17, icmp6: 58 } as const;

const ICMP_TYPES = { 'echo-request': 8, 'echo-reply': 0 } as const;
const ICMP6_TYPES = { 'echo-request': 128, 'echo-reply': 129 } as const;

/** What of an IP packet does not change from hop to hop. */
export interface Echo {
  readonly family: 4 | 6;
  readonly kind: 'echo-request' | 'echo-reply';
  readonly id: number;
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

/** What tells a part of a packet from a whole one. */
const FIRST_PART = { fragment: { id: 0, offset: 0, more: true } } as const;

const EMPTY = new Uint8Array();

/**
 * An ICMP echo: RFC 792, RFC 4443.
 * @param src - MAC of the device that sends it on this segment
 * @param ttl - time to live, or hop limit
 */
export function echoFrame(
  echo: Echo,
  { src, dst, ttl = DEFAULT_TTL }: { src: string; dst: string; ttl?: number },
): Frame {
  const { family, kind, id, size, isCut = false, dontFragment = true } = echo;
  const part = isCut ? FIRST_PART : {};
  const message = { code: 0, kind, id, seq: 1, payload: EMPTY };
  const sized = size === undefined ? {} : { payload: size };
  if (family === 4) {
    const { src: from, dst: to } = echo;
    const ipv4 = { src: from, dst: to, protocol: PROTOCOLS.icmp, ttl, dontFragment, ...part };
    const icmp = { type: ICMP_TYPES[kind], ...message };
    return { src, dst, vlans: UNTAGGED, etherType: ETHER_TYPES.ipv4, ipv4, icmp, ...sized };
  }
  const protocol = PROTOCOLS.icmp6;
  const ends = { src: echo.src, dst: echo.dst };
  const ipv6 = { ...ends, nextHeader: protocol, protocol, hopLimit: ttl, ...part };
  const icmp6 = { type: ICMP6_TYPES[kind], ...message };
  return { src, dst, vlans: UNTAGGED, etherType: ETHER_TYPES.ipv6, ipv6, icmp6, ...sized };
}

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
