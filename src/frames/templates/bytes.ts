/** Writing fields in network byte order. */

/** Octets, MAC addresses as text, and pieces of both, one after the other. */
export function octets(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) =>
    typeof part === 'number' ? [part] : typeof part === 'string' ? macOctets(part) : [...part],
  );
  return Uint8Array.from(pieces.flat());
}

/** A MAC address, `02:00:00:00:00:01`, as its six octets. */
const macOctets = (mac: string): readonly number[] =>
  mac.split(':').map((digits) => Number.parseInt(digits, 16));

/** 16 bits. */
export const u16 = (value: number): Uint8Array => Uint8Array.of((value >> 8) & 0xff, value & 0xff);

/** 32 bits. */
export const u32 = (value: number): Uint8Array => octets(u16(value >>> 16), u16(value & 0xffff));

/** Octets of a text in ASCII. */
export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As many octets of zero. */
export const zeros = (count: number): Uint8Array => new Uint8Array(count);

/** Octets with zeros behind, `length` in all; longer ones as they are. */
export const padded = (bytes: Uint8Array, length: number): Uint8Array =>
  octets(bytes, zeros(Math.max(0, length - bytes.length)));

/** The Internet checksum: the complement of the sum of all 16-bit words in ones' complement (RFC 1071). */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A message with its checksum, which counts as zero in itself, written at `at`. `before` is summed with it (a pseudo-header). */
export function withChecksum(message: Uint8Array, at: number, before = zeros(0)): Uint8Array {
  const sum = checksum(octets(before, message));
  return octets(message.subarray(0, at), u16(sum), message.subarray(at + 2));
}
