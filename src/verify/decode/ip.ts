import { ipv4Text, ipv6Text, u16 } from './bytes.js';

export interface Ipv4 {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly ttl: number;
}

export interface Ipv6 {
  readonly src: string;
  readonly dst: string;
  readonly nextHeader: number;
  readonly hopLimit: number;
}

/** ICMP and ICMPv6: RFC 792, RFC 4443, RFC 4861. `kind` names the types that probes care for. */
export interface Icmp {
  readonly type: number;
  readonly code: number;
  readonly kind:
    'echo-request' | 'echo-reply' | 'neighbor-solicitation' | 'neighbor-advertisement' | 'other';
  /** Identifier and sequence number of an echo. */
  readonly id?: number;
  readonly seq?: number;
  /** Target of a neighbor solicitation or advertisement. */
  readonly target?: string;
  /** Data of an echo. */
  readonly payload: Uint8Array;
}

/** A layer and what it carries. */
export interface Carried<T> {
  readonly header: T;
  readonly protocol: number;
  readonly body: Uint8Array;
}

/** IPv4: RFC 791. A fragment beyond the first carries nothing that could be read. */
export function decodeIpv4(bytes: Uint8Array): Carried<Ipv4> | undefined {
  const headerLength = ((bytes[0] ?? 0) & 0x0f) * 4;
  if ((bytes[0] ?? 0) >> 4 !== 4 || headerLength < 20 || bytes.length < headerLength)
    return undefined;
  const [total = 0, fragment = 0] = [u16(bytes, 2), u16(bytes, 6)];
  const protocol = bytes[9] ?? 0;
  const first = (fragment & 0x1fff) === 0;
  return {
    header: { src: ipv4Text(bytes, 12), dst: ipv4Text(bytes, 16), protocol, ttl: bytes[8] ?? 0 },
    protocol,
    body: first ? bytes.subarray(headerLength, Math.max(total, headerLength)) : new Uint8Array(0),
  };
}

/** Extension headers that are walked over to find the payload: hop-by-hop, routing, destination options (RFC 8200). */
const EXTENSIONS = new Set([0, 43, 60]);

/** IPv6: RFC 8200. */
export function decodeIpv6(bytes: Uint8Array): Carried<Ipv6> | undefined {
  if ((bytes[0] ?? 0) >> 4 !== 6 || bytes.length < 40) return undefined;
  const end = 40 + (u16(bytes, 4) ?? 0);
  const nextHeader = bytes[6] ?? 0;
  let [protocol, at] = [nextHeader, 40];
  while (EXTENSIONS.has(protocol) && at + 2 <= bytes.length)
    [protocol, at] = [bytes[at] ?? 59, at + 8 + 8 * (bytes[at + 1] ?? 0)];
  return {
    header: {
      src: ipv6Text(bytes, 8),
      dst: ipv6Text(bytes, 24),
      nextHeader,
      hopLimit: bytes[7] ?? 0,
    },
    protocol,
    body: bytes.subarray(at, Math.max(at, end)),
  };
}

type Kinds = Readonly<Record<number, Icmp['kind']>>;
const ICMP_KINDS: Kinds = { 8: 'echo-request', 0: 'echo-reply' };
const ICMP6_KINDS: Kinds = {
  128: 'echo-request',
  129: 'echo-reply',
  135: 'neighbor-solicitation',
  136: 'neighbor-advertisement',
};

const decodeWith =
  (kinds: Kinds) =>
  (bytes: Uint8Array): Icmp | undefined => {
    const [type, code] = [bytes[0], bytes[1]];
    if (type === undefined || code === undefined || bytes.length < 8) return undefined;
    const kind = kinds[type] ?? 'other';
    const echo = kind.startsWith('echo');
    const [id, seq] = [u16(bytes, 4), u16(bytes, 6)];
    return {
      type,
      code,
      kind,
      ...(echo && id !== undefined && seq !== undefined && { id, seq }),
      ...(kind.startsWith('neighbor') && bytes.length >= 24 && { target: ipv6Text(bytes, 8) }),
      payload: echo ? bytes.subarray(8) : new Uint8Array(0),
    };
  };

export const decodeIcmp = decodeWith(ICMP_KINDS);
export const decodeIcmp6 = decodeWith(ICMP6_KINDS);
