import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClosely } from '../../../src/topology/source.js';
import { quickYaml } from '../../../src/topology/yaml/quick.js';
import { fuzzed } from '../../support/random.js';
import { slip, slipped, topologyTexts as texts } from '../../support/slips.js';

/** Two libraries read a topology: the quick one only where it gives what the other one gives. */

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
      fuzzed('slips of the pen in YAML', 1000),
    );
  }, 600_000);
});
