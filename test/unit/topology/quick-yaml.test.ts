import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClosely } from '../../../src/topology/source.js';
import { quickYaml } from '../../../src/topology/yaml/quick.js';
import { isLong, seedFor } from '../../support/random.js';

/** Two libraries read a topology: the quick one only where it gives what the other one gives. */

const texts = readdirSync('topologies', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(`topologies/${name}`, 'utf8'));

/** What the quick reader takes, and the close one reads otherwise or not at all. */
function contradiction(text: string): unknown {
  const quick = quickYaml(text);
  if (!quick) return undefined;
  const { value, problems } = parseClosely('x.yaml', text);
  const [first] = problems;
  if (first) return { text: JSON.stringify(text), refused: first.what };
  try {
    expect(quick.value).toStrictEqual(value);
    return undefined;
  } catch {
    return { text: JSON.stringify(text), quick: quick.value, close: value };
  }
}

/** Pieces of YAML, and values that one version or another of it reads in a way of its own. */
const WORDS = [
  ...[': ', '\n  ', '- ', '---\n', '\r\n', '<<', '!!str ', '!!int ', '\\x41', '\u2028', '\ufeff'],
  ...['null', '~', '0o17', '0x1F', '1_000', '1e3', '.5', '+1', '-.inf', '.nan', '010', 'yes'],
  ...['2026-01-01', '1:30'],
];

/** A text with one piece cut out and another in its place. */
const slip = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(4),
  put: fc.oneof(
    fc.constantFrom(...Array.from('{}[],:#-?|>&*!%@`"\'~ \n\t'), ...WORDS),
    fc.string({ maxLength: 3, unit: 'binary' }),
  ),
});

const slipped = (
  text: string,
  slips: readonly { at: number; cut: number; put: string }[],
): string =>
  slips.reduce((sum, { at, cut, put }) => {
    const begin = Math.floor(at * sum.length);
    return sum.slice(0, begin) + put + sum.slice(begin + cut);
  }, text);

describe('the quick reader', () => {
  it('takes every topology without an alias, and reads it as the close one does', () => {
    for (const text of texts) {
      expect(quickYaml(text) === undefined, text).toBe(/[&*](router|hosts)/.test(text));
      expect(contradiction(text)).toBeUndefined();
    }
  });

  it.each([
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a directive', '%YAML 1.1\n---\na: 1\n'],
    ['a second document', 'a: 1\n---\nb: 1\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key that is no text', '1: a\n'],
    ['a key that is nothing', ': a\n'],
    ['the key of prototypes', '__proto__: { a: 1 }\n'],
    ['nothing', ''],
    ['what is no mapping', '>1-\n  a: 1\n'],
    ['a number beyond all numbers', 'a: 1e3000\n'],
    ['a tab', 'a:\tb\n'],
    ['an indented mark of a document', ' ---\na: 1\n'],
    ['what lies too deep', `a: ${'['.repeat(200)}${']'.repeat(200)}\n`],
  ])('leaves %s to the close one', (_, text) => {
    expect(quickYaml(text)).toBeUndefined();
  });

  it('gives what the close one gives, or nothing, whatever slips of the pen there are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(slip, { minLength: 1, maxLength: 3 }),
        (text, slips) => {
          expect(contradiction(slipped(text, slips))).toBeUndefined();
        },
      ),
      {
        seed: seedFor('slips of the pen in YAML', 20261127),
        numRuns: isLong ? 100_000 : 1000,
      },
    );
  }, 600_000);
});
