import { u16 } from './decode/bytes.js';
import type { SeenFrame } from './frame.js';

/**
 * The checksum of UDP or TCP as it is on the wire. `unfinished`: the sum of the pseudo-header alone, which the kernel writes for
 * a NIC that is to do the rest (Linux Documentation/networking/checksum-offloads.rst).
 */
export type ChecksumState = 'right' | 'unfinished' | 'wrong';

/** Where it stands in the header: RFC 768; RFC 9293, 3.1. */
const AT = { udp: 6, tcp: 16 } as const;
const PROTOCOL = { udp: 17, tcp: 6 } as const;

/** The sum of 16-bit words in ones' complement: RFC 1071. */
function sumOf(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let at = 0; at < bytes.length; at += 2)
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Octets from the addresses of a packet to its transport header, as they stand in the frame: source and destination. */
function addressesOf({ bytes, vlans, ipv4 }: SeenFrame): Uint8Array {
  const ip = 14 + 4 * vlans.length;
  return ipv4 ? bytes.subarray(ip + 12, ip + 20) : bytes.subarray(ip + 8, ip + 40);
}

/** What a captured frame has for a checksum; nothing where it has none, is only a part, or was cut off by the capture. */
export function checksumOf(frame: SeenFrame): ChecksumState | undefined {
  const { udp, tcp, ipv4, ipv6, bytes, length } = frame;
  const segment = (udp ?? tcp)?.segment;
  const name = udp ? 'udp' : 'tcp';
  if (!segment || (ipv4 ?? ipv6)?.fragment || bytes.length < length) return undefined;
  const written = u16(segment, AT[name]) ?? 0;
  if (udp && written === 0) return undefined;
  const pseudo = sumOf(addressesOf(frame), PROTOCOL[name] + segment.length);
  if (sumOf(segment, pseudo) === 0xffff) return 'right';
  return written === pseudo ? 'unfinished' : 'wrong';
}
