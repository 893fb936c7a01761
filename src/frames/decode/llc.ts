import { u16 } from './bytes.js';
import { decodeCdp } from './cdp.js';
import { short, type LayerDecoder, type Layers } from './layers.js';
import { decodeStp } from './stp.js';

/** Logical link control: IEEE 802.2 (ISO/IEC 8802-2), with SNAP (IEEE 802). */
export interface Llc {
  readonly dsap: number;
  readonly ssap: number;
  readonly control: number;
  /** Of SNAP: the organisation's number and its protocol, `00000c:2000`. */
  readonly snap?: string;
  /** The protocol's name, where it is one of those below. */
  readonly protocol?: LlcProtocol;
}

interface SnapProtocol {
  readonly name: string;
  readonly decode?: LayerDecoder;
}

/** The vendors' own protocols that switches speak, by their numbers in SNAP. */
const SNAP_PROTOCOLS = {
  '00000c:2000': { name: 'cdp', decode: decodeCdp },
  '00000c:2003': { name: 'vtp' },
  '00000c:2004': { name: 'dtp' },
  '00000c:0104': { name: 'pagp' },
  '00000c:010b': { name: 'pvst' },
  '00000c:0111': { name: 'udld' },
  '00e02b:00bb': { name: 'edp' },
  '00e052:2000': { name: 'fdp' },
  '000081:01a2': { name: 'sonmp' },
} as const satisfies Readonly<Record<string, SnapProtocol>>;

export type LlcProtocol = 'stp' | (typeof SNAP_PROTOCOLS)[keyof typeof SNAP_PROTOCOLS]['name'];

const HEADER = 3;
const SNAP_HEADER = 8;
const SNAP = 0xaa;
/** Unnumbered information, the only control that is read here: it has one byte. */
const UI = 0x03;
const BPDU = 0x42;

const isSnapProtocol = (id: string): id is keyof typeof SNAP_PROTOCOLS => id in SNAP_PROTOCOLS;

/** What follows the length of a frame: LLC, and what it carries. */
export function decodeLlc(bytes: Uint8Array): Layers {
  const [dsap = 0, ssap = 0, control = 0] = bytes;
  if (bytes.length < HEADER) return short('llc', bytes, HEADER);
  if (control !== UI) return { llc: { dsap, ssap, control } };
  if (dsap === BPDU) {
    const llc: Llc = { dsap, ssap, control, protocol: 'stp' };
    return { llc, ...decodeStp(bytes.subarray(HEADER)) };
  }
  if (dsap !== SNAP || ssap !== SNAP) return { llc: { dsap, ssap, control } };
  if (bytes.length < SNAP_HEADER)
    return { llc: { dsap, ssap, control }, ...short('snap', bytes, SNAP_HEADER) };
  const snap = `${digits(bytes[3])}${digits(u16(bytes, 4), 4)}:${digits(u16(bytes, 6), 4)}`;
  if (!isSnapProtocol(snap)) return { llc: { dsap, ssap, control, snap } };
  const protocol: SnapProtocol = SNAP_PROTOCOLS[snap];
  return {
    llc: { dsap, ssap, control, snap, protocol: SNAP_PROTOCOLS[snap].name },
    ...protocol.decode?.(bytes.subarray(SNAP_HEADER)),
  };
}

const digits = (value = 0, width = 2): string => value.toString(16).padStart(width, '0');
