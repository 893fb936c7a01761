import { readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, type SeenFrame } from '../../../src/frames/decode.js';
import { createPcapReader, type CapturedFrame } from '../../../src/verify/capture/pcap.js';

const folder = new URL('fixtures/', import.meta.url);

/** The names of the captures in fixtures/, without `.pcap`. */
export const captureNames = readdirSync(folder).flatMap((name) =>
  name.endsWith('.pcap') ? [name.slice(0, -'.pcap'.length)] : [],
);

/** The bytes of a capture. */
export const captureFile = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`${name}.pcap`, folder)));

/** The frames of a capture. */
export const captured = (name: string): CapturedFrame[] =>
  createPcapReader().push(captureFile(name));

/** The frames of a capture, decoded. */
export const decoded = (name: string): SeenFrame[] =>
  captured(name).map(({ bytes, length }) => decodeFrame(bytes, length));

/** Bytes from hexadecimal digits; blanks between them mean nothing. */
export const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

/** Bytes one after another. */
export const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));
