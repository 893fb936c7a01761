import { u16 } from './bytes.js';
import { malformed, short, type Layers } from './layers.js';

/** TCP: RFC 9293. */
export interface Tcp {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly rst: boolean;
  readonly fin: boolean;
  /** The data, as far as this frame has it. */
  readonly payload: Uint8Array;
  /** All of it with its header, as captured. */
  readonly segment?: Uint8Array;
}

const HEADER = 20;
const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];

/** TCP segment: RFC 9293, 3.1. */
export function decodeTcp(segment: Uint8Array): Layers {
  if (segment.length < HEADER) return short('tcp', segment, HEADER);
  const [srcPort = 0, dstPort = 0] = [u16(segment, 0), u16(segment, 2)];
  const [begin = 0, flags = 0] = segment.subarray(12, 14);
  const length = 4 * (begin >> 4);
  if (length < HEADER) return malformed('tcp', `a header of ${length} bytes`);
  if (segment.length < length) return short('tcp', segment, length);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const set = { syn: has(SYN), ack: has(ACK), rst: has(RST), fin: has(FIN) };
  return { tcp: { srcPort, dstPort, ...set, payload: segment.subarray(length), segment } };
}
