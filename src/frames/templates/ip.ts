import { BROADCAST } from '../mac.js';
import { ascii, octets, padded, u16, u32, withChecksum, zeros } from './bytes.js';
import type { FrameTemplate } from './define.js';

/**
 * Frames of IP and ARP between addresses of documentation (RFC 5737, RFC 3849), which nobody has: no stack answers them.
 * The token of an IP packet is inside of it: a bridge with br_netfilter cuts off what pads the packet
 * (net/bridge/br_netfilter_hooks.c, br_validate_ipv4).
 */

/** Address of documentation that nobody has. */
export const SENDER4 = Uint8Array.of(192, 0, 2, 1);
const TARGET4 = Uint8Array.of(192, 0, 2, 2);
const address6 = (last: number): Uint8Array => octets(0x20, 0x01, 0x0d, 0xb8, zeros(11), last);
const [SENDER6, TARGET6] = [address6(1), address6(2)];

const [ICMP, IGMP, UDP, ICMP6] = [1, 2, 17, 58];
/** Option that makes every router on the way look at the packet: RFC 2113. */
const ROUTER_ALERT = Uint8Array.of(0x94, 4, 0, 0);

/** IPv4 packet: RFC 791. */
export function ipv4(
  protocol: number,
  dst: Uint8Array,
  body: Uint8Array,
  { ttl = 64, options = zeros(0) } = {},
): Uint8Array {
  const length = 20 + options.length;
  const header = octets(
    ...[0x40 | (length / 4), 0, u16(length + body.length), u32(0), ttl, protocol, u16(0)],
    ...[SENDER4, dst, options],
  );
  return octets(withChecksum(header, 10), body);
}

/** IPv6 packet with an ICMPv6 message, whose checksum covers a pseudo-header: RFC 8200, 3 and 8.1, RFC 4443, 2.3. */
function icmpv6(dst: Uint8Array, message: Uint8Array, hopLimit: number): Uint8Array {
  const { length } = message;
  const pseudo = octets(SENDER6, dst, u32(length), zeros(3), ICMP6);
  const header = octets(0x60, zeros(3), u16(length), ICMP6, hopLimit, SENDER6, dst);
  return octets(header, withChecksum(message, 2, pseudo));
}

/** ARP for IPv4 on Ethernet: RFC 826. */
const arp = (operation: number, sender: string, target: string, token: Uint8Array): Uint8Array =>
  octets(
    ...[u16(1), u16(0x0800), 6, 4, u16(operation)],
    ...[sender, SENDER4, target, TARGET4, token],
  );

export const arpRequest: FrameTemplate = {
  class: 'arp-request',
  title: 'ARP request',
  source: 'RFC 826; the token follows the packet as padding',
  dst: () => BROADCAST,
  joins: false,
  type: 0x0806,
  payload: ({ src, token }) => arp(1, src, '00:00:00:00:00:00', token),
};

export const arpReply: FrameTemplate = {
  class: 'arp-reply',
  title: 'ARP reply',
  source: 'RFC 826; the token follows the packet as padding',
  dst: ({ own }) => own,
  joins: false,
  type: 0x0806,
  payload: ({ src, own, token }) => arp(2, src, own, token),
};

export const icmp: FrameTemplate = {
  class: 'icmp',
  title: 'ICMP echo request',
  source: 'RFC 792; the token is the data',
  dst: ({ own }) => own,
  joins: false,
  type: 0x0800,
  payload: ({ token }) => ipv4(ICMP, TARGET4, withChecksum(octets(8, 0, u16(0), u32(1), token), 2)),
};

export const icmp6: FrameTemplate = {
  class: 'icmp6',
  title: 'ICMPv6 echo request',
  source: 'RFC 4443, 4.1; the token is the data',
  dst: ({ own }) => own,
  joins: false,
  type: 0x86dd,
  payload: ({ token }) => icmpv6(TARGET6, octets(128, 0, u16(0), u32(1), token), 64),
};

/** An option of neighbour discovery that receivers must skip: experimental type 253 (RFC 4727, 5.1), in units of 8 octets. */
const option = (token: Uint8Array): Uint8Array => octets(253, 2, padded(token, 14));

/** Neighbour discovery must come with a hop limit of 255, so that no router can have handed it on: RFC 4861, 7.1. */
const ONE_LINK = 255;

export const ndSolicitation: FrameTemplate = {
  class: 'nd-solicitation',
  title: 'neighbor solicitation',
  source: 'RFC 4861, 4.3, to the solicited-node group; the token is in an experimental option',
  dst: () => '33:33:ff:00:00:02',
  joins: true,
  type: 0x86dd,
  payload({ src, token }) {
    const group = octets(0xff, 0x02, zeros(9), 1, 0xff, 0, 0, 2);
    const message = octets(135, 0, u16(0), u32(0), TARGET6, 1, 1, src, option(token));
    return icmpv6(group, message, ONE_LINK);
  },
};

export const ndAdvertisement: FrameTemplate = {
  class: 'nd-advertisement',
  title: 'neighbor advertisement',
  source: 'RFC 4861, 4.4, solicited; the token is in an experimental option',
  dst: ({ own }) => own,
  joins: false,
  type: 0x86dd,
  payload({ src, token }) {
    const message = octets(136, 0, u16(0), u32(0x60000000), SENDER6, 2, 1, src, option(token));
    return icmpv6(TARGET6, message, ONE_LINK);
  },
};

const MDNS_PORT = 5353;

export const mdns: FrameTemplate = {
  class: 'mdns',
  title: 'mDNS question',
  source: 'RFC 6762, RFC 1035, 4.1; asks for the host `TOKEN.local`; no UDP checksum (RFC 768)',
  dst: () => '01:00:5e:00:00:fb',
  joins: true,
  type: 0x0800,
  payload({ token }) {
    const label = (text: Uint8Array): Uint8Array => octets(text.length, text);
    const name = octets(label(token), label(ascii('local')), 0);
    const question = octets(u32(0), u16(1), zeros(6), name, u16(1), u16(1));
    const ports = octets(u16(MDNS_PORT), u16(MDNS_PORT));
    const datagram = octets(ports, u16(question.length + 8), u16(0), question);
    return ipv4(UDP, Uint8Array.of(224, 0, 0, 251), datagram, { ttl: 255 });
  },
};

/** With no source it means that the group is left: RFC 3376, 4.2.12. */
const CHANGE_TO_INCLUDE = 3;

export const igmp: FrameTemplate = {
  class: 'igmp',
  title: 'IGMPv3 report',
  source:
    'RFC 3376, 4.2, which leaves a group of documentation (RFC 6676) that nobody is in; the token is additional data (4.2.11)',
  dst: () => '01:00:5e:00:00:16',
  joins: true,
  type: 0x0800,
  payload({ token }) {
    const record = octets(CHANGE_TO_INCLUDE, 0, u16(0), 233, 252, 0, 1);
    const report = withChecksum(octets(0x22, 0, u16(0), u16(0), u16(1), record, token), 2);
    const all = Uint8Array.of(224, 0, 0, 22);
    return ipv4(IGMP, all, report, { ttl: 1, options: ROUTER_ALERT });
  },
};
