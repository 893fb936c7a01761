import { PatchlabError } from '../errors.js';

/**
 * The classic capture file that tcpdump writes: a 24-byte header, then records of a 16-byte header and
 * the frame. pcap-savefile(5), draft-ietf-opsawg-pcap.
 */

export interface CapturedFrame {
  /** Seconds since the epoch. */
  readonly time: number;
  /** As much of the frame as was captured. */
  readonly bytes: Uint8Array;
  /** Bytes that the frame had on the wire. */
  readonly length: number;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MAGIC_MICRO = 0xa1b2c3d4;
const MAGIC_NANO = 0xa1b23c4d;
/** LINKTYPE_ETHERNET. */
const ETHERNET = 1;
/** Longest frame that a sane capture holds (MAXIMUM_SNAPLEN of libpcap). */
const MAX_FRAME = 262144;

interface Format {
  readonly littleEndian: boolean;
  /** Fractions of a second that the second word of a timestamp counts. */
  readonly fractions: number;
}

/** Takes a capture in pieces of any size and gives back the frames that have become whole. */
export interface PcapReader {
  push(chunk: Uint8Array): CapturedFrame[];
}

/**
 * Read a capture as it grows.
 * @throws PatchlabError `capture/not-pcap` from `push`, when the bytes are no capture of Ethernet frames
 */
export function createPcapReader(): PcapReader {
  let rest = new Uint8Array(0);
  let format: Format | undefined;
  return {
    push(chunk) {
      rest = concat(rest, chunk);
      const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
      let offset = 0;
      if (!format) {
        if (rest.length < FILE_HEADER) return [];
        format = readFormat(view);
        offset = FILE_HEADER;
      }
      const { littleEndian, fractions } = format;
      const word = (at: number): number => view.getUint32(at, littleEndian);
      const frames: CapturedFrame[] = [];
      while (rest.length - offset >= RECORD_HEADER) {
        const captured = word(offset + 8);
        if (captured > MAX_FRAME) throw notPcap(`a record claims ${captured} bytes`);
        const end = offset + RECORD_HEADER + captured;
        if (rest.length < end) break;
        frames.push({
          time: word(offset) + word(offset + 4) / fractions,
          bytes: rest.slice(offset + RECORD_HEADER, end),
          length: word(offset + 12),
        });
        offset = end;
      }
      rest = rest.slice(offset);
      return frames;
    },
  };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function readFormat(view: DataView): Format {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic !== MAGIC_MICRO && magic !== MAGIC_NANO) continue;
    const linkType = view.getUint32(20, littleEndian) & 0xffff;
    if (linkType !== ETHERNET) throw notPcap(`its link type is ${linkType}, not Ethernet (1)`);
    return { littleEndian, fractions: magic === MAGIC_NANO ? 1e9 : 1e6 };
  }
  throw notPcap('its first bytes are no magic number of the format');
}

const notPcap = (why: string): PatchlabError =>
  new PatchlabError('capture/not-pcap', { what: 'This is no capture of Ethernet frames.', why });

/** Write frames as a capture file with microseconds, which Wireshark and tcpdump open. */
export function writePcap(frames: readonly CapturedFrame[]): Uint8Array {
  const size = frames.reduce((sum, { bytes }) => sum + RECORD_HEADER + bytes.length, FILE_HEADER);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const words = (at: number, ...values: readonly number[]): void =>
    values.forEach((value, index) => view.setUint32(at + 4 * index, value, true));
  words(0, MAGIC_MICRO, 2 | (4 << 16), 0, 0, MAX_FRAME, ETHERNET);
  let offset = FILE_HEADER;
  for (const { time, bytes, length } of frames) {
    const micros = Math.round(time * 1e6);
    words(offset, Math.floor(micros / 1e6), micros % 1e6, bytes.length, length);
    file.set(bytes, offset + RECORD_HEADER);
    offset += RECORD_HEADER + bytes.length;
  }
  return file;
}
