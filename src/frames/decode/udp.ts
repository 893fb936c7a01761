import { u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** UDP: RFC 768. */
export interface Udp {
  readonly srcPort: number;
  readonly dstPort: number;
  /** Bytes of data that the header tells of. */
  readonly length: number;
  /** The data, as far as this frame has it. */
  readonly payload: Uint8Array;
  /** All of it with its header, as captured. */
  readonly segment?: Uint8Array;
}

const HEADER = 8;

/** UDP datagram: RFC 768. */
export function decodeUdp(bytes: Uint8Array): Layers {
  if (bytes.length < HEADER) return short('udp', bytes, HEADER);
  const [srcPort = 0, dstPort = 0, total = 0] = [u16(bytes, 0), u16(bytes, 2), u16(bytes, 4)];
  const segment = bytes.subarray(0, Math.max(total, HEADER));
  const payload = segment.subarray(HEADER);
  return { udp: { srcPort, dstPort, length: Math.max(total - HEADER, 0), payload, segment } };
}
