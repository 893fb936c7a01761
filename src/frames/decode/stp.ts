import { mac, u16, u32 } from './bytes.js';
import { malformed, short, type Layers } from './layers.js';

/** Spanning tree: IEEE 802.1D-2004, clause 9; IEEE 802.1Q-2018, clause 14. */
export interface Stp {
  /** 0 is STP, 2 RSTP, 3 MSTP. */
  readonly version: number;
  readonly type: 'config' | 'rst' | 'tcn' | number;
  /** What all but a topology change notification tell. */
  readonly root?: BridgeId;
  readonly rootPathCost?: number;
  readonly bridge?: BridgeId;
  readonly port?: number;
}

export interface BridgeId {
  /** With the system id in the lower 12 bits. */
  readonly priority: number;
  readonly mac: string;
}

const TYPES: Readonly<Record<number, 'config' | 'rst' | 'tcn'>> = {
  0x00: 'config',
  0x02: 'rst',
  0x80: 'tcn',
};
const HEADER = 4;
const CONFIG = 35;

const bridgeId = (bytes: Uint8Array, at: number): BridgeId => ({
  priority: u16(bytes, at) ?? 0,
  mac: mac(bytes, at + 2),
});

/** BPDU: IEEE 802.1D-2004, 9.3. */
export function decodeStp(bytes: Uint8Array): Layers {
  if (bytes.length < HEADER) return short('stp', bytes, HEADER);
  if (u16(bytes, 0) !== 0) return malformed('stp', `protocol ${u16(bytes, 0) ?? 0}`);
  const [version = 0, number = 0] = bytes.subarray(2);
  const type = TYPES[number] ?? number;
  if (type !== 'config' && type !== 'rst') return { stp: { version, type } };
  if (bytes.length < CONFIG) return { stp: { version, type }, ...short('stp', bytes, CONFIG) };
  return {
    stp: {
      version,
      type,
      root: bridgeId(bytes, 5),
      rootPathCost: u32(bytes, 13) ?? 0,
      bridge: bridgeId(bytes, 17),
      port: u16(bytes, 25) ?? 0,
    },
  };
}
