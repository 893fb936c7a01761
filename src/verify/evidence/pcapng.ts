/**
 * The capture file of Wireshark: one file holds many interfaces, each with its name, and comments on frames.
 * draft-ietf-opsawg-pcapng.
 */

/** Where frames were captured. */
export interface CaptureInterface {
  readonly name: string;
  readonly description: string;
  readonly comments: readonly string[];
  /** Of those of tcpdump.org; that of Ethernet when left out. */
  readonly linkType?: number | undefined;
}

/** A frame with the interface that saw it. */
export interface CapturedPacket {
  /** Index into the interfaces. */
  readonly interface: number;
  /** Seconds since the epoch, exact to the microsecond. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Bytes that the frame had on the wire. */
  readonly length: number;
  readonly comments: readonly string[];
}

export interface CaptureSection {
  /** The program that wrote it. */
  readonly application: string;
  readonly comments: readonly string[];
  readonly interfaces: readonly CaptureInterface[];
  readonly packets: readonly CapturedPacket[];
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const VERSION = { major: 1, minor: 0 };
/** LINKTYPE_ETHERNET. */
const ETHERNET = 1;
/** Block type and length before the body, the length again after it. */
const FRAMING = 12;
const OPTION = { end: 0, comment: 1, userApplication: 4, name: 2, description: 3, resolution: 9 };
/** Negative power of ten that timestamps count: microseconds, since that is what tcpdump wrote. */
const RESOLUTION = 6;
/** Longest value of an option, whose length is a 16-bit number. */
const MAX_OPTION = 0xffff;

/** Write one section: its header, its interfaces, then its frames in the order given. */
export const writePcapng = (section: CaptureSection): Uint8Array =>
  join([pcapngHead(section), pcapngPackets(section.packets)]);

/** What a section begins with: its header and its interfaces. */
export const pcapngHead = (section: Omit<CaptureSection, 'packets'>): Uint8Array =>
  join([
    block(
      SECTION_HEADER,
      words(BYTE_ORDER_MAGIC, VERSION.major | (VERSION.minor << 16)),
      // Length of the section: not told.
      words(0xffffffff, 0xffffffff),
      options(
        text(OPTION.userApplication, section.application),
        ...section.comments.map((comment) => text(OPTION.comment, comment)),
      ),
    ),
    ...section.interfaces.map(({ name, description, comments, linkType = ETHERNET }) =>
      block(
        INTERFACE_DESCRIPTION,
        // Frames are not cut (0).
        words(linkType, 0),
        options(
          text(OPTION.name, name),
          text(OPTION.description, description),
          option(OPTION.resolution, Uint8Array.of(RESOLUTION)),
          ...comments.map((comment) => text(OPTION.comment, comment)),
        ),
      ),
    ),
  ]);

/** Frames in the order given, to be put behind what is written of a section. */
export const pcapngPackets = (packets: readonly CapturedPacket[]): Uint8Array =>
  join(packets.map(packetBlock));

/**
 * How the capture on an interface stands, which readers may pass over. Written where nothing else is to be said: it tells
 * a reader that the capture goes on, and the writer that there is a reader.
 */
export const pcapngStatistics = (index: number, time: number): Uint8Array =>
  block(INTERFACE_STATISTICS, words(index, ...ticksOf(time)));

function packetBlock(packet: CapturedPacket): Uint8Array {
  return block(
    ENHANCED_PACKET,
    words(packet.interface, ...ticksOf(packet.time)),
    words(packet.bytes.length, packet.length),
    padded(packet.bytes),
    options(...packet.comments.map((comment) => text(OPTION.comment, comment))),
  );
}

/** A time as two words, the higher one first. */
function ticksOf(time: number): readonly [number, number] {
  const ticks = Math.round(time * 10 ** RESOLUTION);
  return [Math.floor(ticks / 2 ** 32), ticks % 2 ** 32];
}

function block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  const length = FRAMING + body.reduce((sum, part) => sum + part.length, 0);
  return join([words(type, length), ...body, words(length)]);
}

/** Options with their end; nothing where there are none. */
const options = (...all: readonly Uint8Array[]): Uint8Array =>
  all.length === 0 ? new Uint8Array(0) : join([...all, option(OPTION.end, new Uint8Array(0))]);

const option = (code: number, value: Uint8Array): Uint8Array =>
  join([words(code | (value.length << 16)), padded(value)]);

function text(code: number, value: string): Uint8Array {
  const bytes = new Uint8Array(MAX_OPTION);
  // Stops before a character that does not fit as a whole.
  const { written } = new TextEncoder().encodeInto(value, bytes);
  return option(code, bytes.subarray(0, written));
}

/** Everything begins at a multiple of 32 bits. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

/** Unsigned 32-bit words, little-endian. */
function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint32(4 * index, value >>> 0, true));
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
