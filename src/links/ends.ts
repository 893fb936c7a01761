import type { EndRef } from './define.js';

/** The two ports of a cable that is written `ends: [a, b]`. */
export const pairEnds = (ends: readonly string[]): readonly EndRef[] =>
  ends.map((ref, index) => ({ ref, path: ['ends', index] }));

/** Each pair of a segment's ends hears each other. */
export function everyPair(ends: readonly unknown[]): readonly (readonly [number, number])[] {
  return ends.flatMap((_, a) => ends.slice(a + 1).map((__, i) => [a, a + 1 + i] as const));
}
