import { ipv6Text, mac, u16, u32 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** ICMPv6: RFC 4443; neighbor discovery: RFC 4861; multicast listeners: RFC 2710, RFC 3810. */
export interface Icmp6 {
  readonly type: number;
  readonly code: number;
  /** Name of the type, or its number. */
  readonly kind: Icmp6Kind | number;
  /** Identifier and sequence number of an echo. */
  readonly id?: number;
  readonly seq?: number;
  /** MTU of the next hop, in `packet too big`. */
  readonly mtu?: number;
  /** Target of a neighbor solicitation, advertisement or redirect. */
  readonly target?: string;
  /** The source or target link-layer address that neighbor discovery tells of: an option. */
  readonly linkAddress?: string;
  /** Multicast groups that a listener message names. */
  readonly groups?: readonly string[];
  /** What follows the first 8 bytes: the data of an echo, the datagram that an error is about. */
  readonly payload: Uint8Array;
}

const KINDS = {
  1: 'destination-unreachable',
  2: 'packet-too-big',
  3: 'time-exceeded',
  4: 'parameter-problem',
  128: 'echo-request',
  129: 'echo-reply',
  130: 'listener-query',
  131: 'listener-report',
  132: 'listener-done',
  133: 'router-solicitation',
  134: 'router-advertisement',
  135: 'neighbor-solicitation',
  136: 'neighbor-advertisement',
  137: 'redirect',
  143: 'listener-report-v2',
} as const;
export type Icmp6Kind = (typeof KINDS)[keyof typeof KINDS];

const HEADER = 8;

type Detail = (bytes: Uint8Array) => Omit<Icmp6, 'type' | 'code' | 'kind' | 'payload'>;

const echo: Detail = (bytes) => ({ id: u16(bytes, 4) ?? 0, seq: u16(bytes, 6) ?? 0 });

/** Neighbor discovery whose options begin at `optionsAt`, with a target where there is room for one. */
const discovery =
  (optionsAt: number, hasTarget: boolean): Detail =>
  (bytes) => {
    const linkAddress = linkAddressOf(bytes.subarray(optionsAt));
    return {
      ...(hasTarget && { target: ipv6Text(bytes, 8) }),
      ...(linkAddress !== undefined && { linkAddress }),
    };
  };

const LINK_ADDRESSES = new Set([1, 2]);

/** RFC 4861, 4.6: options of type, length in units of 8 bytes, value. */
function linkAddressOf(options: Uint8Array): string | undefined {
  for (let at = 0; at + 8 <= options.length;) {
    const [type = 0, units = 0] = options.subarray(at);
    if (LINK_ADDRESSES.has(type)) return mac(options, at + 2);
    if (units === 0) return undefined;
    at += 8 * units;
  }
  return undefined;
}

/** A message about one group; the unspecified address asks for all. */
const oneGroup: Detail = (bytes) => ({
  groups: [ipv6Text(bytes, 8)].filter((group) => group !== '::'),
});

/** RFC 3810, 5.2: records of type, length of auxiliary data, number of sources, group, sources, data. */
function groupRecords(bytes: Uint8Array): ReturnType<Detail> {
  const groups: string[] = [];
  const count = u16(bytes, 6) ?? 0;
  for (let at = HEADER; groups.length < count && at + 20 <= bytes.length;) {
    groups.push(ipv6Text(bytes, at + 4));
    at += 20 + 16 * (u16(bytes, at + 2) ?? 0) + 4 * (bytes[at + 1] ?? 0);
  }
  return { groups };
}

const DETAILS: Readonly<
  Partial<Record<number, { readonly least: number; readonly read: Detail }>>
> = {
  2: { least: 8, read: (bytes) => ({ mtu: u32(bytes, 4) ?? 0 }) },
  128: { least: 8, read: echo },
  129: { least: 8, read: echo },
  130: { least: 24, read: oneGroup },
  131: { least: 24, read: oneGroup },
  132: { least: 24, read: oneGroup },
  133: { least: 8, read: discovery(8, false) },
  134: { least: 16, read: discovery(16, false) },
  135: { least: 24, read: discovery(24, true) },
  136: { least: 24, read: discovery(24, true) },
  137: { least: 40, read: discovery(40, true) },
  143: { least: 8, read: groupRecords },
};

const isKnown = (type: number): type is keyof typeof KINDS => type in KINDS;

/** ICMPv6 message: RFC 4443, with the details of those that keep a link going. */
export function decodeIcmp6(bytes: Uint8Array): Layers {
  const [type = 0, code = 0] = bytes;
  const detail = DETAILS[type];
  const least = detail?.least ?? HEADER;
  if (bytes.length < least) return short('icmp6', bytes, least);
  return {
    icmp6: {
      type,
      code,
      kind: isKnown(type) ? KINDS[type] : type,
      ...detail?.read(bytes),
      payload: bytes.subarray(HEADER),
    },
  };
}
