import { mac, u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** The tag of HSR, and what its nodes and those of PRP tell of themselves: IEC 62439-3, Linux net/hsr/hsr_main.h. */

/** EtherTypes: HSR of version 1, and PRP, whose one HSR of version 0 has too. */
export const HSR_TYPES = { 1: 0x892f, 0: 0x88fb } as const;

export type HsrVersion = keyof typeof HSR_TYPES;

/** A tag of HSR and the frame behind it: IEC 62439-3:2016, 5.7. */
export interface HsrTag {
  readonly version: HsrVersion;
  /** By which port of its node it was sent last, 0 for the first. */
  readonly path: number;
  /** Octets of the tag but its EtherType, and of what is behind it. */
  readonly size: number;
  readonly seq: number;
  /** EtherType of the frame, and what follows that. */
  readonly octets: Uint8Array;
}

/** What a node tells of itself: IEC 62439-3:2016, 4.3 and 5.6. */
export interface Supervision {
  readonly kind: 'announcement' | 'life check';
  readonly seq: number;
  /** The address of the node. */
  readonly mac: string;
}

/** Octets of a tag behind its EtherType, with the EtherType of the frame: linux/if_hsr.h, HSR_HLEN. */
const TAG = 6;
/** Octets of what a node tells: path and version, number, type and length, address. */
const TOLD = 12;

/** Types of what nodes tell: net/hsr/hsr_main.h, HSR_TLV_ANNOUNCE and those after it. */
const KINDS: ReadonlyMap<number | undefined, Supervision['kind']> = new Map([
  [20, 'life check'],
  [21, 'life check'],
  [22, 'announcement'],
  [23, 'life check'],
] as const);

function supervisionIn(bytes: Uint8Array): Layers | undefined {
  const kind = KINDS.get(bytes[4]);
  // The length of an address, or 12 with version 0.
  if (!kind || (bytes[5] !== 6 && bytes[5] !== 12)) return undefined;
  if (bytes.length < TOLD) return short('hsr', bytes, TOLD);
  return { supervision: { kind, seq: u16(bytes, 2) ?? 0, mac: mac(bytes, 6) } };
}

function tagIn(version: HsrVersion, bytes: Uint8Array): Layers {
  if (bytes.length < TAG) return short('hsr', bytes, TAG);
  const word = u16(bytes, 0) ?? 0;
  const octets = bytes.subarray(4);
  const tag = { version, path: word >> 12, size: word & 0xfff, seq: u16(bytes, 2) ?? 0, octets };
  const told = u16(octets, 0) === HSR_TYPES[0] ? supervisionIn(octets.subarray(2)) : undefined;
  return { hsrTag: tag, ...told };
}

/** Behind EtherType 0x892f: a tag of version 1. */
export const decodeHsr = (bytes: Uint8Array): Layers => tagIn(1, bytes);

/** Behind EtherType 0x88fb: what a node tells of itself, else a tag of version 0. */
export const decodePrp = (bytes: Uint8Array): Layers => supervisionIn(bytes) ?? tagIn(0, bytes);
