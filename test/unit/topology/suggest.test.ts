import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest, didYouMean, editDistance } from '../../../src/topology/suggest.js';

describe('editDistance', () => {
  it('counts a swap of neighbours as one slip', () => {
    expect(editDistance('adresses', 'addresses')).toBe(1);
    expect(editDistance('eht1', 'eth1')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is a symmetric distance that is zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('didYouMean', () => {
  it('proposes the closest word, and lists all when none is close', () => {
    expect(closest('mod', ['kind', 'mode', 'ends'])).toBe('mode');
    expect(didYouMean('mod', ['kind', 'mode'])).toBe('did you mean `mode`?');
    expect(didYouMean('frobnicate', ['kind', 'mode'])).toBe('write one of `kind`, `mode`');
  });
});
