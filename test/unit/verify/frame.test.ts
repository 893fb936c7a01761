import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, describeFrame, classifyFrame } from '../../../src/frames/decode.js';
import { fuzzed } from '../../support/random.js';
import { bytesOf, captured, captureNames, decoded, joined } from './captures.js';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';

const addresses = '02000000000b 02000000000a';

describe('the Ethernet header', () => {
  it('has addresses, type and length', () => {
    expect(decoded('arp')[1]).toMatchObject({
      dst: A,
      src: B,
      vlans: [],
      etherType: 0x0806,
      length: 42,
    });
  });

  it('has the length of the wire where the capture cut the frame', () => {
    expect(decoded('cut').map(({ length, malformed }) => [length, malformed])).toEqual([
      [98, 'icmp: 6 of 8 bytes'],
      [98, 'icmp: 6 of 8 bytes'],
    ]);
  });

  it('has VLAN tags, and what they tag is read', () => {
    const [tagged, twice] = decoded('crafted');
    expect(tagged).toMatchObject({
      vlans: [{ tpid: 0x8100, id: 100, priority: 5 }],
      etherType: 0x0800,
      udp: { srcPort: 4000, dstPort: 4001, length: 5 },
    });
    expect(Buffer.from(tagged!.udp!.payload).toString()).toBe('patch');
    expect(twice).toMatchObject({
      vlans: [
        { tpid: 0x88a8, id: 10, priority: 3 },
        { tpid: 0x8100, id: 20, priority: 0 },
      ],
      etherType: 0x0806,
      arp: {
        op: 'reply',
        senderMac: A,
        senderIp: '10.77.0.1',
        targetMac: B,
        targetIp: '10.77.0.2',
      },
    });
  });

  it('may be cut short anywhere', () => {
    expect(decodeFrame(bytesOf(''))).toMatchObject({ dst: '', src: '', etherType: undefined });
    expect(decodeFrame(bytesOf('02000000000b 0200'))).toMatchObject({ dst: B, src: '' });
    expect(decodeFrame(bytesOf(addresses)).malformed).toBe('ethernet: 12 of 14 bytes');
    expect(decodeFrame(bytesOf(`${addresses} 8100 00`))).toMatchObject({
      vlans: [],
      malformed: 'ethernet: 15 of 18 bytes',
    });
  });

  it('may hold what is neither a length nor a type', () => {
    const frame = decodeFrame(bytesOf(`${addresses} 05dd 424203`));
    expect(frame.llc).toBeUndefined();
    expect(frame.malformed).toBe('ethernet: 1501 is neither a length nor a type');
  });

  it('leaves alone what it does not know', () => {
    const bytes = bytesOf(`${addresses} 88b5 00`);
    const frame = decodeFrame(bytes);
    expect(frame).toEqual({ dst: B, src: A, vlans: [], etherType: 0x88b5, length: 15, bytes });
    expect(classifyFrame(frame)).toBeUndefined();
    expect(describeFrame(frame)).toBe(`ethertype 0x88b5, ${A} > ${B}`);
  });
});

describe('the decoders', () => {
  it('read every recorded frame, but for those that were cut', () => {
    const names = captureNames.filter((name) => name !== 'cut');
    expect(names.flatMap(decoded).filter(({ malformed }) => malformed !== undefined)).toEqual([]);
  });

  const frames = captureNames.flatMap((name) => captured(name).map(({ bytes }) => bytes));
  const headers = [
    ...new Set(frames.map((bytes) => Buffer.from(bytes.subarray(0, 14)).toString('hex'))),
  ];

  /** Everything that a caller may do with any frame. */
  function read(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    classifyFrame(frame);
    expect(describeFrame(frame)).toMatch(/^[^\p{C}]+$/u);
  }

  it('never throw on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), fuzzed('random bytes'));
  }, 3_600_000);

  it('never throw on random bytes behind a real header', () => {
    const random = fc.tuple(fc.constantFrom(...headers), fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(random, ([header, bytes]) => read(joined(bytesOf(header), bytes))),
      fuzzed('random bytes behind a header', 2000),
    );
  }, 3_600_000);

  it('never throw on a real frame with some bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.constantFrom(...frames), changes, (frame, edits) => {
        const bytes = frame.slice();
        // The beginning is where the headers are.
        for (const [at, value] of edits) bytes[at % Math.min(bytes.length, 120)] = value;
        read(bytes);
      }),
      fuzzed('frames with bytes changed', 2000),
    );
  }, 3_600_000);

  it('never throw on a real frame that is cut short, nor find another class in it', () => {
    for (const bytes of frames) {
      const whole = classifyFrame(decodeFrame(bytes));
      for (let size = 0; size < Math.min(bytes.length, 300); size += 1) {
        read(bytes.subarray(0, size));
        expect([whole, undefined]).toContain(classifyFrame(decodeFrame(bytes.subarray(0, size))));
      }
    }
  });
});
