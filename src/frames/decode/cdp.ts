import { text, u16 } from './bytes.js';
import { malformed, short, type Layers } from './layers.js';

/** Cisco Discovery Protocol, as print-cdp.c of tcpdump reads it: Cisco has published no standard. */
export interface Cdp {
  readonly version: number;
  /** Seconds for which it holds. */
  readonly ttl: number;
  readonly deviceId?: string;
  readonly portId?: string;
}

const HEADER = 4;
const FIELDS: Readonly<Record<number, 'deviceId' | 'portId'>> = { 1: 'deviceId', 3: 'portId' };

/** CDP packet: version, time to live, checksum, then TLVs whose length counts their header. */
export function decodeCdp(bytes: Uint8Array): Layers {
  const [version = 0, ttl = 0] = bytes;
  if (bytes.length < HEADER) return short('cdp', bytes, HEADER);
  const ids: Partial<Record<'deviceId' | 'portId', string>> = {};
  for (let at = HEADER; at < bytes.length;) {
    const [type, length = 0] = [u16(bytes, at), u16(bytes, at + 2)];
    if (type === undefined || length < 4 || at + length > bytes.length) {
      return { cdp: { version, ttl, ...ids }, ...malformed('cdp', 'a TLV is cut short') };
    }
    const field = FIELDS[type];
    if (field) ids[field] = text(bytes.subarray(at + 4, at + length));
    at += length;
  }
  return { cdp: { version, ttl, ...ids } };
}
