import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameData } from '../../src/same-data.js';

const data = fc
  .object({ withNullPrototype: false, maxDepth: 3 })
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

/** The same fields, the last one first, and one that is undefined. */
function inAnotherOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inAnotherOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, one]) => [key, inAnotherOrder(one)] as const);
  return Object.fromEntries([...fields.reverse(), ['not written', undefined]]);
}

it('takes no notice of the order of fields, nor of what is undefined', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(sameData(value, inAnotherOrder(value))).toBe(true);
      expect(sameData(inAnotherOrder(value), value)).toBe(true);
    }),
  );
});

it('tells apart what is stored as different text', () => {
  fc.assert(
    fc.property(data, data, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      const sorted = (value: unknown): string =>
        JSON.stringify(value, (_, field: unknown) =>
          typeof field === 'object' && field !== null && !Array.isArray(field)
            ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
            : field,
        );
      expect(sameData(one, other)).toBe(sorted(one) === sorted(other));
    }),
  );
});

it.each([
  [{ a: 1 }, { a: 1, b: 2 }],
  [
    { a: 1, b: undefined },
    { a: 1, b: null },
  ],
  [{ a: undefined }, { b: 1 }],
  [[1, 2], [1]],
  [[], {}],
  ['1', 1],
  [null, {}],
])('tells %j from %j', (one, other) => {
  expect(sameData(one, other)).toBe(false);
  expect(sameData(other, one)).toBe(false);
});
