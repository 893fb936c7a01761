/** A strict reader of pcapng files, written from the specification and not from the writer: draft-ietf-opsawg-pcapng. */

interface ReadInterface {
  readonly linkType: number;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly comments: readonly string[];
  /** Ticks in a second. */
  readonly resolution: bigint;
}

interface ReadPacket {
  readonly interface: number;
  /** Microseconds since the epoch. */
  readonly micros: bigint;
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly comments: readonly string[];
}

export interface ReadSection {
  readonly application: string | undefined;
  readonly comments: readonly string[];
  readonly interfaces: readonly ReadInterface[];
  readonly packets: readonly ReadPacket[];
}

type Options = ReadonlyMap<number, readonly Uint8Array[]>;

function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`not pcapng: ${what}`);
}

/** Read a file of one little-endian section. @throws Error at the first thing that the specification forbids */
export function readPcapng(file: Uint8Array): ReadSection {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const u32 = (at: number): number => view.getUint32(at, true);
  const u16 = (at: number): number => view.getUint16(at, true);
  demand(file.length >= 28 && u32(0) === 0x0a0d0d0a, 'it does not begin with a section header');
  demand(u32(8) === 0x1a2b3c4d, 'the byte-order magic is wrong');
  demand(u16(12) === 1 && u16(14) === 0, 'the version is not 1.0');
  const interfaces: ReadInterface[] = [];
  const packets: ReadPacket[] = [];
  let section: Options | undefined;
  for (let at = 0; at < file.length; at += u32(at + 4)) {
    const [type, length] = [u32(at), u32(at + 4)];
    demand(length >= 12 && length % 4 === 0, `a block at ${at} has the length ${length}`);
    demand(at + length <= file.length, `a block at ${at} is cut short`);
    demand(u32(at + length - 4) === length, `the lengths of the block at ${at} differ`);
    const end = at + length - 4;
    if (type === 0x0a0d0d0a) {
      demand(section === undefined, 'there is a second section');
      section = readOptions(file, at + 24, end);
    } else if (type === 1) {
      const options = readOptions(file, at + 16, end);
      demand(u16(at + 10) === 0, 'reserved bytes of an interface are not 0');
      const resolution = options.get(9)?.[0]?.[0] ?? 6;
      demand(resolution < 0x80, 'the time resolution is a power of two');
      interfaces.push({
        linkType: u16(at + 8),
        name: texts(options, 2)[0],
        description: texts(options, 3)[0],
        comments: texts(options, 1),
        resolution: 10n ** BigInt(resolution),
      });
    } else {
      demand(type === 6, `there is a block of type ${type}`);
      const [id, captured] = [u32(at + 8), u32(at + 20)];
      const from = interfaces[id];
      demand(from !== undefined, `a packet is of interface ${id}, which was not described`);
      const data = at + 28 + Math.ceil(captured / 4) * 4;
      demand(data <= end, 'a packet is longer than its block');
      const ticks = (BigInt(u32(at + 12)) << 32n) | BigInt(u32(at + 16));
      packets.push({
        interface: id,
        micros: (ticks * 1_000_000n) / from.resolution,
        bytes: file.slice(at + 28, at + 28 + captured),
        length: u32(at + 24),
        comments: texts(readOptions(file, data, end), 1),
      });
    }
  }
  const options: Options = section ?? new Map<number, Uint8Array[]>();
  return { application: texts(options, 4)[0], comments: texts(options, 1), interfaces, packets };
}

function readOptions(file: Uint8Array, from: number, end: number): Options {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const options = new Map<number, Uint8Array[]>();
  for (let at = from; at < end;) {
    demand(at + 4 <= end, 'an option is cut short');
    const [code, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const next = at + 4 + Math.ceil(length / 4) * 4;
    demand(next <= end, 'an option is longer than its block');
    if (code === 0) {
      demand(length === 0 && next === end, 'the end of the options is not at their end');
      return options;
    }
    options.set(code, [...(options.get(code) ?? []), file.slice(at + 4, at + 4 + length)]);
    at = next;
  }
  demand(options.size === 0, 'the options have no end');
  return options;
}

const texts = (options: Options, code: number): readonly string[] =>
  (options.get(code) ?? []).map((value) => new TextDecoder('utf-8', { fatal: true }).decode(value));
