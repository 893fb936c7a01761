import { ETHER_TYPES, vlanOf, type Frame } from '../frames/frame.js';
import { BROADCAST, isGroup } from '../frames/mac.js';
import { isRecord } from '../is-record.js';
import * as symbols from './symbols.js';

/** A packet where a chain sees it. */
export interface Packet {
  readonly frame: Frame;
  readonly hook: string;
  /** Devices by which it came and goes; empty where there is none. */
  readonly iif: string;
  readonly oif: string;
  /** The bridge that hands it on, where one does. */
  readonly bridge?: string | undefined;
  /** Has its stack seen the request of the echo that it is the reply to? Not known where it is left out. */
  readonly isTracked?: boolean;
  /** Does it begin a flow of UDP or TCP? Not known where it is left out. */
  readonly isFirst?: boolean;
}

/** What an expression reads of a packet. */
export interface Field {
  /** All that it may be. Empty where the packet has no such thing: then no comparison holds, whatever it is. */
  readonly values: readonly (string | number)[];
  readonly symbols?: symbols.Symbols;
  /** The values are IP addresses. */
  readonly isAddress?: boolean;
}

type Read = (packet: Packet) => Field | undefined;

const field =
  (
    names: symbols.Symbols | undefined,
    read: (packet: Packet) => string | number | undefined,
  ): Read =>
  (packet) => {
    const value = read(packet);
    return { values: value === undefined ? [] : [value], ...(names && { symbols: names }) };
  };

const address =
  (read: (frame: Frame) => string | undefined): Read =>
  ({ frame }) => {
    const value = read(frame);
    return { values: value === undefined ? [] : [value], isAddress: true };
  };

/** Hooks where the packet has no Ethernet header yet, or one that nobody can be sure of. */
const NO_HEADER: readonly string[] = ['output', 'postrouting'];

/** What stands in the Ethernet header; nobody knows where it is not written yet. */
const ethernet =
  (names: symbols.Symbols | undefined, read: (frame: Frame) => string | number | undefined): Read =>
  (packet) =>
    NO_HEADER.includes(packet.hook) && packet.bridge === undefined
      ? undefined
      : field(names, ({ frame }) => read(frame))(packet);

/** A tag may stand in the frame or beside it: then the type is that of the tag, or of what is behind it. */
const etherType: Read = (packet) =>
  packet.frame.vlans.length > 0
    ? undefined
    : field(symbols.ETHER, ({ frame }) => frame.etherType)(packet);

const protocolOf = ({ ipv4, ipv6 }: Frame): number | undefined => ipv4?.protocol ?? ipv6?.protocol;

/** A unicast may be for the host or for another one; a group says so. */
const packetType: Read = ({ frame: { dst }, hook }) => {
  if (NO_HEADER.includes(hook) || !isGroup(dst)) return undefined;
  return { values: [dst === BROADCAST ? 1 : 2], symbols: symbols.PACKET_TYPE };
};

/** ARP is not tracked, nor neighbour discovery; a request begins a flow; a reply belongs to one, or to none. */
const trackedState: Read = ({ frame, isTracked, isFirst }) => {
  const { icmp, icmp6, ipv4, ipv6, udp, tcp } = frame;
  const { new: begins, established, invalid, untracked } = symbols.CT_STATE;
  const state = (...values: (number | undefined)[]): Field => ({
    values: values.flatMap((value) => value ?? []),
    symbols: symbols.CT_STATE,
  });
  if (!ipv4 && !ipv6) return state();
  const kind = (icmp ?? icmp6)?.kind;
  if (kind === 'echo-request' || isFirst === true) return state(begins);
  if ((udp ?? tcp) && isFirst === false) {
    if (isTracked === true) return state(established);
    // A flow that is already under way is taken for a new one (nf_conntrack_tcp_loose), but not its second segment.
    return isTracked === false ? state(tcp?.syn === true ? invalid : begins) : undefined;
  }
  if (kind === 'echo-reply')
    return isTracked === undefined
      ? state(established, invalid)
      : state(isTracked ? established : invalid);
  return icmp6?.target === undefined ? undefined : state(untracked);
};

/** A layer that only packets of one protocol have. */
const onlyIn =
  (protocol: number): Read =>
  ({ frame }) =>
    protocolOf(frame) === protocol ? undefined : { values: [] };

const OPERATIONS = { request: 1, reply: 2 } as const;

const arpOperation = ({ arp }: Frame): number | undefined =>
  arp && (typeof arp.op === 'number' ? arp.op : OPERATIONS[arp.op]);

interface Ports {
  readonly srcPort: number;
  readonly dstPort: number;
}

/** The ports of a header. One that the kernel picks is not known beforehand, and 0 in the model. */
const portsOf = (header: string, read: (frame: Frame) => Ports | undefined) => {
  const port =
    (name: keyof Ports): Read =>
    (packet) => {
      const value = read(packet.frame)?.[name];
      return value === 0 ? undefined : { values: value === undefined ? [] : [value] };
    };
  return { [`${header} sport`]: port('srcPort'), [`${header} dport`]: port('dstPort') };
};

/** What is known of packets, by the words of nft(8). */
const READERS: Readonly<Record<string, Read>> = {
  'meta iifname': field(undefined, ({ iif }) => iif),
  'meta iif': field(undefined, ({ iif }) => iif),
  'meta oifname': field(undefined, ({ oif }) => oif),
  'meta oif': field(undefined, ({ oif }) => oif),
  'meta ibrname': field(undefined, ({ bridge }) => bridge),
  'meta obrname': field(undefined, ({ bridge }) => bridge),
  'meta protocol': etherType,
  'meta nfproto': field(symbols.NF_FAMILY, ({ frame }) =>
    frame.ipv4 ? 2 : frame.ipv6 ? 10 : undefined,
  ),
  'meta l4proto': field(symbols.PROTOCOL, ({ frame }) => protocolOf(frame)),
  'meta pkttype': packetType,
  'ct state': trackedState,
  'ether saddr': ethernet(undefined, ({ src }) => src),
  'ether daddr': ethernet(undefined, ({ dst }) => dst),
  'ether type': etherType,
  'vlan id': field(undefined, ({ frame }) => vlanOf(frame)),
  'arp operation': field(symbols.ARP_OPERATION, ({ frame }) => arpOperation(frame)),
  'arp htype': field(undefined, ({ frame }) => frame.arp && 1),
  'arp ptype': field(symbols.ETHER, ({ frame }) => frame.arp && ETHER_TYPES.ipv4),
  'arp saddr ip': address(({ arp }) => arp?.senderIp),
  'arp daddr ip': address(({ arp }) => arp?.targetIp),
  'arp saddr ether': field(undefined, ({ frame }) => frame.arp?.senderMac),
  'arp daddr ether': field(undefined, ({ frame }) => frame.arp?.targetMac),
  'ip saddr': address(({ ipv4 }) => ipv4?.src),
  'ip daddr': address(({ ipv4 }) => ipv4?.dst),
  'ip protocol': field(symbols.PROTOCOL, ({ frame }) => frame.ipv4?.protocol),
  'ip ttl': field(undefined, ({ frame }) => frame.ipv4?.ttl),
  'ip version': field(undefined, ({ frame }) => frame.ipv4 && 4),
  'ip6 saddr': address(({ ipv6 }) => ipv6?.src),
  'ip6 daddr': address(({ ipv6 }) => ipv6?.dst),
  'ip6 nexthdr': field(symbols.PROTOCOL, ({ frame }) => frame.ipv6?.nextHeader),
  'ip6 hoplimit': field(undefined, ({ frame }) => frame.ipv6?.hopLimit),
  'ip6 version': field(undefined, ({ frame }) => frame.ipv6 && 6),
  'icmp type': field(symbols.ICMP_TYPE, ({ frame }) => frame.icmp?.type),
  'icmp code': field(symbols.ICMP_CODE, ({ frame }) => frame.icmp?.code),
  'icmp id': field(undefined, ({ frame }) => frame.icmp?.id),
  'icmpv6 type': field(symbols.ICMP6_TYPE, ({ frame }) => frame.icmp6?.type),
  'icmpv6 code': field(symbols.ICMP6_CODE, ({ frame }) => frame.icmp6?.code),
  'icmpv6 id': field(undefined, ({ frame }) => frame.icmp6?.id),
  ...portsOf('udp', ({ udp }) => udp),
  ...portsOf('tcp', ({ tcp }) => tcp),
  ...portsOf('th', ({ udp, tcp }) => udp ?? tcp),
};

/** The protocol that must be there for any field of a header to be. */
const HEADERS: Readonly<Record<string, Read>> = {
  tcp: onlyIn(6),
  udp: onlyIn(17),
  dccp: onlyIn(33),
  esp: onlyIn(50),
  ah: onlyIn(51),
  comp: onlyIn(108),
  sctp: onlyIn(132),
  udplite: onlyIn(136),
  igmp: onlyIn(2),
  icmp: onlyIn(1),
  icmpv6: onlyIn(58),
  arp: ({ frame }) => (frame.arp ? undefined : { values: [] }),
  ip: ({ frame }) => (frame.ipv4 ? undefined : { values: [] }),
  ip6: ({ frame }) => (frame.ipv6 ? undefined : { values: [] }),
};

/** Headers that only the first part has of a packet that was cut: a filter sees all of them. */
const TRANSPORTS: readonly string[] = ['icmp', 'icmpv6', 'udp', 'tcp', 'th'];

const word = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Does an expression read what only one of the parts has into which the packet was cut? */
export function isOfOnePart(expression: unknown, packet: Packet): boolean {
  const { ipv4, ipv6 } = packet.frame;
  if (!(ipv4 ?? ipv6)?.fragment || !isRecord(expression)) return false;
  const { payload, concat } = expression;
  if (Array.isArray(concat)) return concat.some((part) => isOfOnePart(part, packet));
  return isRecord(payload) && TRANSPORTS.includes(word(payload['protocol']));
}

/** What an expression of libnftables-json(5) reads of a packet; nothing where that is not known. */
export function fieldOf(expression: unknown, packet: Packet): Field | undefined {
  if (!isRecord(expression)) return undefined;
  const { meta, ct, payload } = expression;
  if (isRecord(meta)) return READERS[`meta ${word(meta['key'])}`]?.(packet);
  // A direction makes it another question.
  if (isRecord(ct) && ct['dir'] === undefined) return READERS[`ct ${word(ct['key'])}`]?.(packet);
  if (!isRecord(payload)) return undefined;
  const protocol = word(payload['protocol']);
  const read = READERS[`${protocol} ${word(payload['field'])}`] ?? HEADERS[protocol];
  return read?.(packet);
}
