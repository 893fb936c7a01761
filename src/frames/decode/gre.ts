import { u16, u32 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** GRE: RFC 2784, RFC 2890. */
export interface Gre {
  /** EtherType of what it carries. */
  readonly protocol: number;
  readonly key: number | undefined;
  readonly payload: Uint8Array;
}

const [CHECKSUM, KEY, SEQUENCE] = [0x8000, 0x2000, 0x1000];

/** GRE packet: its checksum, key and sequence number are there where flags say so, each of four octets. */
export function decodeGre(bytes: Uint8Array): Layers {
  const flags = u16(bytes, 0) ?? 0;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const keyAt = has(CHECKSUM) ? 8 : 4;
  const length = 4 + 4 * [CHECKSUM, KEY, SEQUENCE].filter(has).length;
  if (bytes.length < length) return short('gre', bytes, length);
  return {
    gre: {
      protocol: u16(bytes, 2) ?? 0,
      key: has(KEY) ? u32(bytes, keyAt) : undefined,
      payload: bytes.subarray(length),
    },
  };
}
