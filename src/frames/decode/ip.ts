import { ipv4Text, ipv6Text, u16, u32 } from './bytes.js';
import { decodeGre } from './gre.js';
import { decodeIcmp } from './icmp.js';
import { decodeIcmp6 } from './icmp6.js';
import { decodeIgmp } from './igmp.js';
import { malformed, short, type LayerDecoder, type Layers } from './layers.js';
import { decodeTcp } from './tcp.js';
import { decodeUdp } from './udp.js';

/** Where a fragment belongs in its datagram. */
export interface Fragment {
  readonly id: number;
  /** Bytes into the datagram. */
  readonly offset: number;
  /** Do more follow? */
  readonly more: boolean;
}

/** IPv4: RFC 791. */
export interface Ipv4 {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly ttl: number;
  /** Must nobody cut it? Absent where that is not known. */
  readonly dontFragment?: boolean;
  /** Absent in a datagram that is whole. */
  readonly fragment?: Fragment;
}

/** IPv6: RFC 8200. Addresses in the form of RFC 5952. */
export interface Ipv6 {
  readonly src: string;
  readonly dst: string;
  /** As in the fixed header: the first extension header, where there are any. */
  readonly nextHeader: number;
  /** What follows the extension headers. */
  readonly protocol: number;
  readonly hopLimit: number;
  /** Absent in a datagram that is whole. */
  readonly fragment?: Fragment;
}

type Decoders = Readonly<Record<number, LayerDecoder>>;
/** By protocol number (IANA). */
const inIpv4: Decoders = {
  ...{ 1: decodeIcmp, 2: decodeIgmp, 6: decodeTcp, 17: decodeUdp, 47: decodeGre },
  ...{ 4: (packet) => ({ packet }), 41: (packet) => ({ packet }) },
};
const inIpv6: Decoders = { 6: decodeTcp, 17: decodeUdp, 47: decodeGre, 58: decodeIcmp6 };

/** Read what a datagram carries. A fragment beyond the first has no header to read. */
function decodeBody(
  decoders: Decoders,
  protocol: number,
  fragment: Fragment | undefined,
  body: Uint8Array,
): Layers {
  if (fragment && fragment.offset > 0) return {};
  return decoders[protocol]?.(body) ?? {};
}

const IPV4_HEADER = 20;

/** IPv4 datagram: RFC 791, and what it carries. What follows its end pads the frame. */
export function decodeIpv4(bytes: Uint8Array): Layers {
  const [first = 0] = bytes;
  const header = (first & 0x0f) * 4;
  if (bytes.length < IPV4_HEADER) return short('ipv4', bytes, IPV4_HEADER);
  if (first >> 4 !== 4) return malformed('ipv4', `version ${first >> 4}`);
  if (header < IPV4_HEADER) return malformed('ipv4', `a header of ${header} bytes`);
  const [total = 0, id = 0, flags = 0] = [u16(bytes, 2), u16(bytes, 4), u16(bytes, 6)];
  const fragment = fragmentOf(id, (flags & 0x1fff) * 8, (flags & 0x2000) !== 0);
  const protocol = bytes[9] ?? 0;
  const ipv4: Ipv4 = {
    src: ipv4Text(bytes, 12),
    dst: ipv4Text(bytes, 16),
    protocol,
    ttl: bytes[8] ?? 0,
    ...(fragment && { fragment }),
  };
  if (bytes.length < header) return { ipv4, ...short('ipv4', bytes, header) };
  if (total > 0 && total < header) return { ipv4, ...malformed('ipv4', `${total} bytes in all`) };
  const body = bytes.subarray(header, endOf(bytes, total));
  return { ipv4, ...decodeBody(inIpv4, protocol, fragment, body) };
}

const fragmentOf = (id: number, offset: number, more: boolean): Fragment | undefined =>
  offset > 0 || more ? { id, offset, more } : undefined;

/** Length 0 is what the kernel writes into a datagram that the device is to cut (segmentation offload). */
const endOf = (bytes: Uint8Array, length: number): number => (length === 0 ? bytes.length : length);

const IPV6_HEADER = 40;
const FRAGMENT = 44;
/** How long an extension header is, from its second byte: RFC 8200 and, for 51, RFC 4302. */
const EXTENSIONS: Readonly<Record<number, (length: number) => number>> = {
  0: (length) => 8 + 8 * length,
  43: (length) => 8 + 8 * length,
  [FRAGMENT]: () => 8,
  51: (length) => 8 + 4 * length,
  60: (length) => 8 + 8 * length,
};

/** IPv6 datagram: RFC 8200, and what it carries behind its extension headers. */
export function decodeIpv6(bytes: Uint8Array): Layers {
  const [first = 0] = bytes;
  if (bytes.length < IPV6_HEADER) return short('ipv6', bytes, IPV6_HEADER);
  if (first >> 4 !== 6) return malformed('ipv6', `version ${first >> 4}`);
  const length = u16(bytes, 4) ?? 0;
  const datagram = bytes.subarray(0, endOf(bytes, length && IPV6_HEADER + length));
  const nextHeader = bytes[6] ?? 0;
  const { protocol, at, fragment } = skipExtensions(datagram, nextHeader);
  const ipv6: Ipv6 = {
    src: ipv6Text(bytes, 8),
    dst: ipv6Text(bytes, 24),
    nextHeader,
    protocol,
    hopLimit: bytes[7] ?? 0,
    ...(fragment && { fragment }),
  };
  if (at > datagram.length) return { ipv6, ...short('ipv6', datagram, at) };
  return { ipv6, ...decodeBody(inIpv6, protocol, fragment, datagram.subarray(at)) };
}

interface UpperLayer {
  readonly protocol: number;
  /** Where it begins; beyond the end where an extension header is cut short. */
  readonly at: number;
  readonly fragment: Fragment | undefined;
}

function skipExtensions(datagram: Uint8Array, nextHeader: number): UpperLayer {
  let [protocol, at, fragment]: [number, number, Fragment?] = [nextHeader, IPV6_HEADER];
  for (let size = EXTENSIONS[protocol]; size; size = EXTENSIONS[protocol]) {
    const end = at + size(datagram[at + 1] ?? 0);
    if (end > datagram.length) return { protocol, at: end, fragment };
    if (protocol === FRAGMENT) {
      const field = u16(datagram, at + 2) ?? 0;
      fragment = fragmentOf(u32(datagram, at + 4) ?? 0, field & 0xfff8, (field & 1) === 1);
      // Beyond the first fragment, what follows is data.
      if (fragment && fragment.offset > 0)
        return { protocol: datagram[at] ?? 0, at: end, fragment };
    }
    [protocol, at] = [datagram[at] ?? 0, end];
  }
  return { protocol, at, fragment };
}
