import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatchlabError } from '../../../src/errors.js';
import {
  createPcapReader,
  writePcap,
  type CapturedFrame,
} from '../../../src/verify/capture/pcap.js';
import { fuzzed } from '../../support/random.js';
import { captured, captureFile, captureNames } from './captures.js';

/** Every whole frame of pieces that are pushed one after another. */
function readPieces(pieces: readonly Uint8Array[]) {
  const reader = createPcapReader();
  return { frames: pieces.flatMap((piece) => reader.push(piece)), reader };
}

/** Cut bytes at the given places, in any order and number. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

/** The same capture as a machine of the other byte order would have written it. */
function swapped(file: Uint8Array): Uint8Array {
  const result = file.slice();
  const [from, to] = [new DataView(file.buffer), new DataView(result.buffer)];
  const words = (at: number, count: number) => {
    for (let end = at + 4 * count; at < end; at += 4) to.setUint32(at, from.getUint32(at, true));
  };
  words(0, 6);
  to.setUint16(4, from.getUint16(4, true));
  to.setUint16(6, from.getUint16(6, true));
  for (let at = 24; at < file.length; at += 16 + from.getUint32(at + 8, true)) words(at, 4);
  return result;
}

function errorOf(bytes: Uint8Array): PatchlabError {
  try {
    createPcapReader().push(bytes);
  } catch (error) {
    if (error instanceof PatchlabError) return error;
    throw error;
  }
  throw new Error('the bytes were accepted');
}

/** A file header with some of its words changed. */
function header(change: (view: DataView) => void): Uint8Array {
  const file = writePcap([]);
  change(new DataView(file.buffer));
  return file;
}

const frame = fc.record({
  micros: fc.nat({ max: 999_999 }),
  seconds: fc.integer({ min: 0, max: 0xffffffff }),
  bytes: fc.uint8Array({ maxLength: 100 }),
  beyond: fc.nat({ max: 9000 }),
});
const frames = fc.array(
  frame.map(({ seconds, micros, bytes, beyond }): CapturedFrame => ({
    time: seconds + micros / 1e6,
    bytes,
    length: bytes.length + beyond,
  })),
);

describe('a capture of tcpdump', () => {
  it('is read', () => {
    const [request] = captured('arp');
    expect(captured('arp').map(({ bytes, length }) => [bytes.length, length])).toEqual([
      [42, 42],
      [42, 42],
      [42, 42],
    ]);
    expect(Buffer.from(request!.bytes).toString('hex')).toBe(
      'ffffffffffff02000000000a0806' +
        '0001080006040001' +
        '02000000000a0a4d0001ffffffffffff0a4d0002',
    );
  });

  it('has times in seconds, of microseconds and of nanoseconds', () => {
    for (const [name, fractions] of [
      ['icmp', 1e6],
      ['nano', 1e9],
    ] as const) {
      const file = captureFile(name);
      const view = new DataView(file.buffer);
      const [{ time }] = captured(name) as [CapturedFrame];
      expect(Math.floor(time)).toBe(view.getUint32(24, true));
      const fraction = view.getUint32(28, true) / fractions;
      expect(fraction).toBeLessThan(1);
      expect(time % 1).toBeCloseTo(fraction, 6);
    }
  });

  it('tells what a frame had on the wire where the capture cut it', () => {
    expect(captured('cut').map(({ bytes, length }) => [bytes.length, length])).toEqual([
      [40, 98],
      [40, 98],
    ]);
  });

  it.each(captureNames)('%s is read alike in the other byte order', (name) => {
    expect(readPieces([swapped(captureFile(name))]).frames).toEqual(captured(name));
  });

  it.each(captureNames.filter((name) => name !== 'nano' && name !== 'cut'))(
    '%s is written as tcpdump wrote it, byte for byte',
    (name) => {
      expect(writePcap(captured(name))).toEqual(captureFile(name));
    },
  );
});

describe('a capture that grows', () => {
  it('gives the same frames however it is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat()), (written, places) => {
        const { frames: read, reader } = readPieces(cutAt(writePcap(written), places));
        expect(read).toEqual(written);
        expect(reader.pending).toBe(0);
      }),
    );
  });

  it('gives each frame as soon as it is whole', () => {
    const file = captureFile('icmp');
    const all = captured('icmp');
    const reader = createPcapReader();
    let [seen, end] = [0, 24];
    file.forEach((_, at) => {
      const next = all[seen];
      const due = next && at + 1 === end + 16 + next.bytes.length;
      expect(reader.push(file.subarray(at, at + 1))).toEqual(due ? [next] : []);
      expect(reader.started).toBe(at + 1 >= 24);
      if (due) [seen, end] = [seen + 1, at + 1];
    });
    expect(seen).toBe(all.length);
  });

  it('keeps the tail of a frame that is not whole yet', () => {
    fc.assert(
      fc.property(frames, fc.nat(), (written, place) => {
        const file = writePcap(written);
        const size = place % (file.length + 1);
        const { frames: read, reader } = readPieces([file.subarray(0, size)]);
        expect(read).toEqual(written.slice(0, read.length));
        const whole = reader.started ? writePcap(read).length : 0;
        expect(reader.pending).toBe(size - whole);
        expect(read.concat(reader.push(file.subarray(size)))).toEqual(written);
      }),
    );
  });

  it('owns its frames: the caller may use the chunk again', () => {
    const chunk = captureFile('arp');
    const read = createPcapReader().push(chunk);
    chunk.fill(0);
    expect(read).toEqual(captured('arp'));
  });
});

describe('what is no capture', () => {
  it('is refused by its first four bytes, which the message shows', () => {
    const error = errorOf(Buffer.from('tcpdump: eth0: No such device exists'));
    expect(error.code).toBe('capture/not-pcap');
    expect(error.why).toContain('tcpdump: eth0');
    expect(errorOf(Buffer.from('tcpd')).code).toBe('capture/not-pcap');
  });

  it('is refused in the newer format by its name', () => {
    expect(errorOf(Buffer.from('0a0d0d0a1c000000', 'hex')).why).toContain('pcapng');
  });

  it('is refused in another version', () => {
    const error = errorOf(header((view) => view.setUint16(6, 5, true)));
    expect([error.code, error.why]).toEqual(['capture/not-pcap', expect.stringContaining('2.5')]);
  });

  it.each([
    ['the version of IPv4', 101, '45aa', '0800 45aa'],
    ['the version of IPv6', 101, '60aa', '86dd 60aa'],
    ['no version at all', 101, '01aa', 'ffff 01aa'],
    ['the type of the sender', 113, `${'00'.repeat(14)}0800 45aa`, '0800 45aa'],
    ['no type of the sender', 113, `${'00'.repeat(16)} 01aa`, 'ffff 01aa'],
  ])('gives a packet without Ethernet a header of it, by %s', (_, type, packet, expected) => {
    const bytes = Uint8Array.from(Buffer.from(packet.replaceAll(' ', ''), 'hex'));
    const file = writePcap([{ time: 1, bytes, length: bytes.length }]);
    new DataView(file.buffer).setUint32(20, type, true);
    const hex = `${'00'.repeat(12)}${expected.replace(' ', '')}`;
    const { frames } = readPieces([file]);
    expect(frames.map((one) => [Buffer.from(one.bytes).toString('hex'), one.length])).toEqual([
      [hex, hex.length / 2],
    ]);
  });

  it.each([0, 112, 276])('is refused with link type %i', (type) => {
    const error = errorOf(header((view) => view.setUint32(20, type, true)));
    expect(error.code).toBe('capture/link-type');
    expect(error.why).toContain(`is ${type},`);
  });

  it('takes the bits above the link type for what they are', () => {
    const file = header((view) => view.setUint32(20, 0x44000001, true));
    expect(readPieces([file]).reader.started).toBe(true);
  });

  it('is refused where a record claims more than a frame can have', () => {
    const file = captureFile('arp');
    new DataView(file.buffer).setUint32(24 + 8, 262145, true);
    expect(errorOf(file).code).toBe('capture/damaged');
  });

  it('is never taken for one: random bytes raise an error of the table or wait for more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 64 }), (bytes) => {
        expect(errorOf(bytes).code).toBe('capture/not-pcap');
      }),
      fuzzed('random bytes for a capture'),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const reader = createPcapReader();
        reader.push(writePcap([]));
        try {
          reader.push(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'capture/damaged' });
        }
      }),
      fuzzed('random records'),
    );
  }, 3_600_000);
});
