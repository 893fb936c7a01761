import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockErrors, type Passage } from '../../../src/verify/evidence/clocks.js';

const seconds = fc.double({ min: -5, max: 5, noNaN: true });
const delay = fc.double({ min: 0.00001, max: 0.01, noNaN: true });

/** A frame that leaves one machine at a true time, as the clocks of both tell it. */
const passage = (
  clocks: Readonly<Record<string, number>>,
  from: string,
  to: string,
  sent: number,
  takes: number,
): Passage => ({
  from: { host: from, time: sent + (clocks[from] ?? 0) },
  to: { host: to, time: sent + takes + (clocks[to] ?? 0) },
});

describe('clocks of guests', () => {
  it('are set right from frames that went both ways, so that none arrives before it was sent', () => {
    fc.assert(
      fc.property(
        seconds,
        fc.array(fc.tuple(fc.boolean(), delay), { minLength: 1, maxLength: 30 }),
        (error, frames) => {
          const clocks = { 'guest:a': error };
          const passages = frames.map(([out, takes], index) =>
            out
              ? passage(clocks, 'local', 'guest:a', 1000 + index, takes)
              : passage(clocks, 'guest:a', 'local', 1000 + index, takes),
          );
          const errors = clockErrors(passages);
          expect(errors.get('local')).toBe(0);
          for (const { from, to } of passages) {
            const [sent, arrived] = [from, to].map(
              ({ host, time }) => time - (errors.get(host) ?? 0),
            );
            expect((arrived ?? 0) - (sent ?? 0)).toBeGreaterThan(-1e-9);
          }
          expect(Math.abs((errors.get('guest:a') ?? 0) - error)).toBeLessThan(0.01 + 1e-9);
        },
      ),
    );
  });

  it('are set right over a machine in between, and against each other where the host sees nothing', () => {
    const clocks = { b: 2, c: -3 };
    const both = (x: string, y: string): Passage[] => [
      passage(clocks, x, y, 100, 0.001),
      passage(clocks, y, x, 101, 0.001),
    ];
    const over = clockErrors([...both('local', 'b'), ...both('b', 'c')]);
    expect(over.get('b')).toBeCloseTo(2, 6);
    expect(over.get('c')).toBeCloseTo(-3, 6);
    const alone = clockErrors(both('b', 'c'));
    expect((alone.get('c') ?? 0) - (alone.get('b') ?? 0)).toBeCloseTo(-5, 6);
  });

  it('are left alone where no frame tells', () => {
    expect(clockErrors([]).size).toBe(0);
  });
});
