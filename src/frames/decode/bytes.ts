/** Reading fields in network byte order out of a part of a frame. */

/** 16 bits; undefined where they are not all there. */
export function u16(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [bytes[at], bytes[at + 1]];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

/** 32 bits, without a sign; undefined where they are not all there. */
export function u32(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [u16(bytes, at), u16(bytes, at + 2)];
  return high === undefined || low === undefined ? undefined : high * 0x10000 + low;
}

/** Bytes as two digits each with colons between, in lower case. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

/** MAC address in lower case with colons; empty where it is cut short. */
export function mac(bytes: Uint8Array, at = 0): string {
  const address = bytes.subarray(at, at + 6);
  return address.length === 6 ? hex(address) : '';
}

/** IPv4 address as four decimal numbers; empty where it is cut short. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  const address = bytes.subarray(at, at + 4);
  return address.length === 4 ? address.join('.') : '';
}

/**
 * IPv6 address in the canonical text form of RFC 5952: the first longest run of two or more zero groups
 * shortened, an embedded IPv4 address not set apart. Empty where it is cut short.
 */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const address = bytes.subarray(at, at + 16);
  if (address.length < 16) return '';
  const groups = Array.from({ length: 8 }, (_, i) => u16(address, 2 * i) ?? 0);
  const [start, length] = longestZeroRun(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): readonly [start: number, length: number] {
  let longest: readonly [number, number] = [0, 0];
  groups.forEach((_, start) => {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > longest[1]) longest = [start, end - start];
  });
  return longest;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as UTF-8 text, or as hex where they are none: two values never read alike by loss. */
export function text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return hex(bytes);
  }
}
