import { expect, it } from 'vitest';
import { chunksOf } from '../../../src/cli/chunks.js';
import { jsonPieces } from '../../../src/cli/json.js';

it('is JSON of the same value, with a line for each thing in its lists', () => {
  const value = {
    a: 1,
    none: undefined,
    empty: [],
    list: [{ b: ['x'] }, 'y\n'],
    object: { c: null },
  };
  const text = [...jsonPieces(value)].join('');
  expect(text).toBe(`{
  "a": 1,
  "empty": [],
  "list": [
    {"b":["x"]},
    "y\\n"
  ],
  "object": {"c":null}
}
`);
});

it('goes out in chunks', () => {
  const list = Array.from({ length: 30_000 }, (_, n) => `item ${n}`);
  const chunks = [...chunksOf(jsonPieces({ list }))];
  expect(chunks.length).toBeGreaterThan(3);
  expect(JSON.parse(chunks.join(''))).toEqual({ list });
});
