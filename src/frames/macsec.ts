import { createDecipheriv } from 'node:crypto';
import type { Layers } from './decode/layers.js';
import type { SecTag } from './decode/macsec.js';

/** What travels in MACsec frames: IEEE 802.1AE-2018. */

/** How a sender seals what it sends. */
export interface Seal {
  /** What the receiver needs to open it, as hexadecimal digits. */
  readonly key: string;
  /** Octets of the integrity check value at the end. */
  readonly icvLength: number;
  /** What is sealed nobody can read; else it can be read, and not changed. */
  readonly isEncrypted: boolean;
}

/** Octets of an ICV where nothing says another: 802.1AE-2018, 14.5. */
const ICV_LENGTH = 16;

/** The channel of one who sends no SCI: its address, and port 1 (802.1AE-2018, 9.9). */
export const sciOf = (mac: string, port = 1): string =>
  mac.replaceAll(':', '') + port.toString(16).padStart(4, '0');

const octets = (digits: string): Buffer => Buffer.from(digits, 'hex');

interface Addresses {
  readonly dst: string;
  readonly src: string;
}

const addresses = ({ dst, src }: Addresses): Buffer => octets((dst + src).replaceAll(':', ''));

/** The channel that a frame was sent in. */
export const channelOf = ({ sci }: SecTag, { src }: Addresses): string => sci ?? sciOf(src);

/**
 * The frame in a captured one, whose addresses are those of that one.
 * @param seal - how it is sealed; without it, what anybody can read
 * @returns nothing where it cannot be opened
 */
export function openMacsec(
  { macsec, ...frame }: Layers & Addresses,
  seal: Seal | undefined,
): Uint8Array | undefined {
  if (!macsec || (macsec.isChanged && !seal)) return undefined;
  const { data, length } = macsec;
  const icv = seal?.icvLength ?? ICV_LENGTH;
  const end = length === undefined ? data.length - icv : Math.min(length, data.length - icv);
  if (end < 0) return undefined;
  const secured = data.subarray(0, end);
  const clear = macsec.isEncrypted
    ? seal && decrypted(macsec, frame, seal, secured, data.subarray(end, end + icv))
    : secured;
  return clear && Buffer.concat([addresses(frame), clear]);
}

/** GCM over the addresses, the EtherType and the SecTAG; channel and packet number are its nonce (802.1AE-2018, 14.5). */
function decrypted(
  macsec: SecTag,
  frame: Addresses,
  { key, icvLength }: Seal,
  secured: Uint8Array,
  icv: Uint8Array,
): Uint8Array | undefined {
  const nonce = Buffer.alloc(12, channelOf(macsec, frame), 'hex');
  nonce.writeUInt32BE(macsec.pn, 8);
  const bits = key.length * 4 === 256 ? 256 : 128;
  const cipher = createDecipheriv(`aes-${bits}-gcm`, octets(key), nonce, {
    authTagLength: icvLength,
  });
  cipher.setAAD(Buffer.concat([addresses(frame), octets('88e5'), macsec.tag]));
  cipher.setAuthTag(icv);
  try {
    return Buffer.concat([cipher.update(secured), cipher.final()]);
  } catch {
    return undefined;
  }
}
