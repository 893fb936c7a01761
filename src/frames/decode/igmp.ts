import { ipv4Text, u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** IGMP: RFC 2236 (version 2), RFC 3376 (version 3). */
export interface Igmp {
  readonly type: number;
  readonly kind: 'query' | 'report' | 'leave' | number;
  /** Multicast groups that it names; none in a general query. */
  readonly groups: readonly string[];
}

const KINDS: Readonly<Record<number, 'query' | 'report' | 'leave'>> = {
  0x11: 'query',
  0x12: 'report',
  0x16: 'report',
  0x17: 'leave',
  0x22: 'report',
};
const REPORT_V3 = 0x22;
const HEADER = 8;

/** IGMP message: RFC 3376, and the older ones that it takes in. */
export function decodeIgmp(bytes: Uint8Array): Layers {
  const [type = 0] = bytes;
  if (bytes.length < HEADER) return short('igmp', bytes, HEADER);
  const groups = type === REPORT_V3 ? groupRecords(bytes) : [ipv4Text(bytes, 4)];
  return {
    igmp: { type, kind: KINDS[type] ?? type, groups: groups.filter((ip) => ip !== '0.0.0.0') },
  };
}

/** RFC 3376, 4.2: records of type, length of auxiliary data, number of sources, group, sources, data. */
function groupRecords(bytes: Uint8Array): string[] {
  const groups: string[] = [];
  const count = u16(bytes, 6) ?? 0;
  for (let at = HEADER; groups.length < count && at + 8 <= bytes.length;) {
    groups.push(ipv4Text(bytes, at + 4));
    at += 8 + 4 * (u16(bytes, at + 2) ?? 0) + 4 * (bytes[at + 1] ?? 0);
  }
  return groups;
}
