import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcapng, type CaptureSection } from '../../../src/verify/evidence/pcapng.js';
import { readPcapng } from '../../support/pcapng.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const comments = fc.array(text, { maxLength: 3 });
const sections: fc.Arbitrary<CaptureSection> = fc
  .array(fc.record({ name: text, description: text, comments }), { minLength: 1, maxLength: 4 })
  .chain((interfaces) =>
    fc.record({
      application: text,
      comments,
      interfaces: fc.constant(interfaces),
      packets: fc.array(
        fc.record({
          interface: fc.nat({ max: interfaces.length - 1 }),
          // Whole microseconds, as captures have them.
          time: fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((micros) => micros / 1e6),
          bytes: fc.uint8Array({ maxLength: 70 }),
          length: fc.nat({ max: 9000 }),
          comments,
        }),
      ),
    }),
  );

describe('pcapng', () => {
  it('is read as it was written, by a reader made from the specification', () => {
    fc.assert(
      fc.property(sections, (section) => {
        const read = readPcapng(writePcapng(section));
        expect(read).toEqual({
          application: section.application,
          comments: section.comments,
          interfaces: section.interfaces.map((one) => ({
            ...one,
            linkType: 1,
            resolution: 1_000_000n,
          })),
          packets: section.packets.map(({ time, ...packet }) => ({
            ...packet,
            micros: BigInt(Math.round(time * 1e6)),
          })),
        });
      }),
    );
  });

  it('cuts a text that is too long for an option, and never within a character', () => {
    const section = {
      application: 'x',
      interfaces: [],
      packets: [],
      comments: ['é'.repeat(40_000)],
    };
    const [comment = ''] = readPcapng(writePcapng(section)).comments;
    expect(comment).toBe('é'.repeat(32_767));
  });
});
