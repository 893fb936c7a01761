import { hex, u32 } from './bytes.js';
import { malformed, short, type Layers } from './layers.js';

/** A SecTAG and what follows it: IEEE 802.1AE-2018, 9.3. */
export interface SecTag {
  /** Association number: which of its keys the sender has used. */
  readonly an: number;
  /** Packet number. */
  readonly pn: number;
  /** Secure channel identifier as 16 digits; none where the sender leaves it to the source address. */
  readonly sci: string | undefined;
  /** What follows is encrypted. */
  readonly isEncrypted: boolean;
  /** What follows has another form than that of the frame: encrypted, or with an ICV of unusual length. */
  readonly isChanged: boolean;
  /** Octets of secure data; none where the frame tells no length. */
  readonly length: number | undefined;
  /** The SecTAG itself, without the EtherType. */
  readonly tag: Uint8Array;
  /** The secure data and the ICV after it. */
  readonly data: Uint8Array;
}

const [VERSION, SC, E, C] = [0x80, 0x20, 0x08, 0x04];
const [PLAIN, WITH_SCI] = [6, 14];

/** SecTAG: TCI and AN, short length, packet number, and the SCI where the TCI says so. */
export function decodeMacsec(bytes: Uint8Array): Layers {
  const [tci = 0, shortLength = 0] = bytes;
  const has = (flag: number): boolean => (tci & flag) !== 0;
  const length = has(SC) ? WITH_SCI : PLAIN;
  if (bytes.length < length) return short('macsec', bytes, length);
  if (has(VERSION)) return malformed('macsec', 'another version');
  return {
    macsec: {
      an: tci & 3,
      pn: u32(bytes, 2) ?? 0,
      sci: has(SC) ? hex(bytes.subarray(PLAIN, WITH_SCI)).replaceAll(':', '') : undefined,
      ...{ isEncrypted: has(E), isChanged: has(C) },
      length: (shortLength & 0x3f) === 0 ? undefined : shortLength & 0x3f,
      ...{ tag: bytes.subarray(0, length), data: bytes.subarray(length) },
    },
  };
}
