/** Reading big-endian fields out of a part of a frame. Whatever is not there reads as undefined. */

export const u8 = (bytes: Uint8Array, at: number): number | undefined => bytes[at];

export function u16(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [bytes[at], bytes[at + 1]];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

/** MAC address in lower case with colons. */
export const mac = (bytes: Uint8Array, at = 0): string =>
  Array.from(bytes.subarray(at, at + 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');

export const ipv4Text = (bytes: Uint8Array, at: number): string =>
  bytes.subarray(at, at + 4).join('.');

/** IPv6 address in the canonical text form of RFC 5952: the longest run of two or more zero groups shortened. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => u16(bytes, at + 2 * i) ?? 0);
  let [start, length] = [0, 1];
  for (let i = 0; i < 8; i += 1) {
    let end = i;
    while (groups[end] === 0) end += 1;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const text = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

export const ascii = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
