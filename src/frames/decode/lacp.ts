import { mac, u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** Link aggregation control: IEEE 802.1AX-2014, 6.4.2. */
export interface Lacp {
  readonly version: number;
  readonly actor: LacpSide;
  readonly partner: LacpSide;
}

interface LacpSide {
  readonly systemPriority: number;
  readonly system: string;
  readonly key: number;
  readonly portPriority: number;
  readonly port: number;
  readonly state: readonly LacpState[];
}

/** By bit, the lowest first. */
const STATES = [
  'activity',
  'timeout',
  'aggregation',
  'synchronization',
  'collecting',
  'distributing',
  'defaulted',
  'expired',
] as const;
type LacpState = (typeof STATES)[number];

const LACP = 1;
const ACTOR = 4;
const PARTNER = 24;
const LENGTH = PARTNER + 15;

/** One side's part of the PDU, from behind the type and length of its TLV. */
function readSide(bytes: Uint8Array, at: number): LacpSide {
  const state = bytes[at + 14] ?? 0;
  return {
    systemPriority: u16(bytes, at) ?? 0,
    system: mac(bytes, at + 2),
    key: u16(bytes, at + 8) ?? 0,
    portPriority: u16(bytes, at + 10) ?? 0,
    port: u16(bytes, at + 12) ?? 0,
    state: STATES.filter((_, bit) => (state >> bit) & 1),
  };
}

/** A slow protocol's frame: of them, LACP (subtype 1) is read. */
export function decodeSlow(bytes: Uint8Array): Layers {
  const [subtype, version = 0] = bytes;
  if (subtype === undefined) return short('slow protocol', bytes, 1);
  if (subtype !== LACP) return {};
  if (bytes.length < LENGTH) return short('lacp', bytes, LENGTH);
  return { lacp: { version, actor: readSide(bytes, ACTOR), partner: readSide(bytes, PARTNER) } };
}
