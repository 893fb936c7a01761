import { PatchlabError } from '../../errors.js';

/**
 * The classic capture file that tcpdump writes: a 24-byte header, then records of a 16-byte header and
 * the frame. pcap-savefile(5), draft-ietf-opsawg-pcap.
 */

export interface CapturedFrame {
  /** Seconds since the epoch, exact to the microsecond. */
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
/** The first word of a file in the newer format pcapng, the same in both byte orders. */
const MAGIC_PCAPNG = 0x0a0d0d0a;
const VERSION = { major: 2, minor: 4 };
/** LINKTYPE_ETHERNET. */
const ETHERNET = 1;
/** Octets of the header of Ethernet, of which the last two are the type. */
export const ETHERNET_HEADER = 14;
/** EtherType that stands for nothing: reserved. */
const RESERVED = 0xffff;

/** What stands before a packet in a capture on a device without Ethernet, and how that tells what the packet is. */
interface Cooked {
  readonly header: number;
  readonly typeOf: (bytes: Uint8Array) => number | undefined;
}

const IP_VERSIONS: Readonly<Record<number, number>> = { 4: 0x0800, 6: 0x86dd };

/**
 * LINKTYPE_RAW: nothing. LINKTYPE_LINUX_SLL: 16 octets, whose last two are the type; 0 where the sender has not said it.
 * LINKTYPE_NETLINK: its header is part of the message.
 */
const COOKED: Readonly<Record<number, Cooked>> = {
  101: { header: 0, typeOf: ([first = 0]) => IP_VERSIONS[first >> 4] },
  253: { header: 0, typeOf: () => undefined },
  113: { header: 16, typeOf: ({ 14: high = 0, 15: low = 0 }) => high * 256 + low || undefined },
};

/** The bits of the link type; those above say whether frames end in a checksum. */
const LINK_TYPE_MASK = 0x03ffffff;
/** Longest frame that a sane capture holds (MAXIMUM_SNAPLEN of libpcap). */
const MAX_FRAME = 262144;

interface Format {
  readonly littleEndian: boolean;
  /** Fractions of a second that the second word of a timestamp counts. */
  readonly fractions: number;
  /** Nothing where the frames are those of Ethernet. */
  readonly cooked: Cooked | undefined;
}

/**
 * Takes a capture in pieces of any size and gives back the frames that have become whole. A packet that no header of
 * Ethernet stands before gets one of zeros with the type of the packet.
 */
export interface PcapReader {
  /**
   * @throws PatchlabError `capture/not-pcap`, `capture/link-type` or `capture/damaged`, as early as the
   * bytes tell; the reader is of no use afterwards
   */
  push(chunk: Uint8Array): CapturedFrame[];
  /**
   * Has the file header come? With `-U`, tcpdump writes it when the capture is open and its filter set:
   * from then on no frame is missed.
   */
  readonly started: boolean;
  /** Bytes at the end that make no whole header or record yet: 0 in a capture that was ended well. */
  readonly pending: number;
}

/** Read a capture as it grows: both byte orders, micro- and nanoseconds. */
export function createPcapReader(): PcapReader {
  let rest = new Uint8Array(0);
  let format: Format | undefined;
  return {
    push(chunk) {
      rest = concat(rest, chunk);
      let offset = 0;
      if (!format) {
        format = readFormat(rest);
        if (!format) return [];
        offset = FILE_HEADER;
      }
      const { littleEndian, fractions, cooked } = format;
      const view = new DataView(rest.buffer);
      const word = (at: number): number => view.getUint32(at, littleEndian);
      const frames: CapturedFrame[] = [];
      while (rest.length - offset >= RECORD_HEADER) {
        const captured = word(offset + 8);
        if (captured > MAX_FRAME) throw damaged(captured);
        const end = offset + RECORD_HEADER + captured;
        if (rest.length < end) break;
        const whole = {
          time: word(offset) + word(offset + 4) / fractions,
          bytes: rest.slice(offset + RECORD_HEADER, end),
          length: word(offset + 12),
        };
        frames.push(cooked ? withHeader(whole, cooked) : whole);
        offset = end;
      }
      rest = rest.slice(offset);
      return frames;
    },
    get started() {
      return format !== undefined;
    },
    get pending() {
      return rest.length;
    },
  };
}

/** A packet as a frame of Ethernet without addresses. */
function withHeader(
  { time, bytes, length }: CapturedFrame,
  { header, typeOf }: Cooked,
): CapturedFrame {
  const packet = bytes.subarray(header);
  const frame = new Uint8Array(ETHERNET_HEADER + packet.length);
  new DataView(frame.buffer).setUint16(ETHERNET_HEADER - 2, typeOf(bytes) ?? RESERVED);
  frame.set(packet, ETHERNET_HEADER);
  return { time, bytes: frame, length: Math.max(length - header, 0) + ETHERNET_HEADER };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** The format that the file header tells of; undefined while the header is not whole. */
function readFormat(bytes: Uint8Array<ArrayBuffer>): Format | undefined {
  const view = new DataView(bytes.buffer);
  if (bytes.length < 4) return undefined;
  const littleEndian = [MAGIC_MICRO, MAGIC_NANO].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, littleEndian);
  if (magic === MAGIC_PCAPNG) throw notPcap('it is in the newer format pcapng');
  if (magic !== MAGIC_MICRO && magic !== MAGIC_NANO) {
    throw notPcap(`its first bytes, ${JSON.stringify(head(bytes))}, are no magic number of it`);
  }
  if (bytes.length < FILE_HEADER) return undefined;
  const [major, minor] = [view.getUint16(4, littleEndian), view.getUint16(6, littleEndian)];
  if (major !== VERSION.major || minor !== VERSION.minor) {
    throw notPcap(`its version is ${major}.${minor}, not ${VERSION.major}.${VERSION.minor}`);
  }
  const linkType = view.getUint32(20, littleEndian) & LINK_TYPE_MASK;
  const cooked = COOKED[linkType];
  if (linkType !== ETHERNET && !cooked) {
    throw new PatchlabError('capture/link-type', {
      what: 'The capture holds neither frames of Ethernet nor packets of IP, nor messages of netlink.',
      why: `its link type is ${linkType}, and Ethernet is ${ETHERNET}`,
    });
  }
  return { littleEndian, cooked, fractions: magic === MAGIC_NANO ? 1e9 : 1e6 };
}

/** The beginning of what is no capture: often the message of a program. */
const head = (bytes: Uint8Array): string =>
  new TextDecoder('latin1').decode(bytes.subarray(0, FILE_HEADER));

const notPcap = (why: string): PatchlabError =>
  new PatchlabError('capture/not-pcap', { what: 'This is no capture in the format pcap.', why });

const damaged = (length: number): PatchlabError =>
  new PatchlabError('capture/damaged', {
    what: 'The capture cannot be read any further.',
    why: `a record claims a frame of ${length} bytes, and none has more than ${MAX_FRAME}`,
  });

/**
 * Write frames as a capture file with microseconds, which Wireshark and tcpdump open.
 */
export function writePcap(frames: readonly CapturedFrame[]): Uint8Array {
  const size = frames.reduce((sum, { bytes }) => sum + RECORD_HEADER + bytes.length, FILE_HEADER);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const words = (at: number, ...values: readonly number[]): void =>
    values.forEach((value, index) => view.setUint32(at + 4 * index, value, true));
  words(0, MAGIC_MICRO, VERSION.major | (VERSION.minor << 16), 0, 0, MAX_FRAME, ETHERNET);
  let offset = FILE_HEADER;
  for (const { time, bytes, length } of frames) {
    const micros = Math.round(time * 1e6);
    words(offset, Math.floor(micros / 1e6), micros % 1e6, bytes.length, length);
    file.set(bytes, offset + RECORD_HEADER);
    offset += RECORD_HEADER + bytes.length;
  }
  return file;
}
