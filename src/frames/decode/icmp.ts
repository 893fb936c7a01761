import { u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** ICMP: RFC 792. */
export interface Icmp {
  readonly type: number;
  readonly code: number;
  /** Name of the type, or its number. */
  readonly kind: IcmpKind | number;
  /** Identifier and sequence number of an echo. */
  readonly id?: number;
  readonly seq?: number;
  /** MTU of the next hop, in `fragmentation needed` (RFC 1191). */
  readonly mtu?: number;
  /** What follows the first 8 bytes: the data of an echo, the datagram that an error is about. */
  readonly payload: Uint8Array;
}

type IcmpKind =
  | 'echo-request'
  | 'echo-reply'
  | 'destination-unreachable'
  | 'redirect'
  | 'time-exceeded'
  | 'parameter-problem';

const KINDS: Readonly<Record<number, IcmpKind>> = {
  0: 'echo-reply',
  3: 'destination-unreachable',
  5: 'redirect',
  8: 'echo-request',
  11: 'time-exceeded',
  12: 'parameter-problem',
};
const FRAGMENTATION_NEEDED = 4;
const HEADER = 8;

/** ICMP message: RFC 792. */
export function decodeIcmp(bytes: Uint8Array): Layers {
  const [type = 0, code = 0] = bytes;
  if (bytes.length < HEADER) return short('icmp', bytes, HEADER);
  const kind = KINDS[type] ?? type;
  const [id = 0, seq = 0] = [u16(bytes, 4), u16(bytes, 6)];
  const echo = kind === 'echo-request' || kind === 'echo-reply';
  const tooLong = kind === 'destination-unreachable' && code === FRAGMENTATION_NEEDED;
  return {
    icmp: {
      type,
      code,
      kind,
      ...(echo && { id, seq }),
      ...(tooLong && { mtu: seq }),
      payload: bytes.subarray(HEADER),
    },
  };
}
