import { isAlias, isCollection, isNode, isPair, isScalar } from 'yaml';
import { cut, printable } from '../characters.js';
import type { Ranged } from './syntax.js';

/**
 * Keys that their mapping has already.
 * @param lineOf - the line of an offset
 */
export function repeatedKeys(node: unknown, lineOf: (offset: number) => number): Ranged[] {
  const found: Ranged[] = [];
  lookInto(node, lineOf, found);
  return found;
}

function lookInto(node: unknown, lineOf: (offset: number) => number, found: Ranged[]): void {
  if (!isCollection(node)) return;
  const known = new Map<unknown, number>();
  for (const item of node.items) {
    if (!isPair(item)) {
      lookInto(item, lineOf, found);
      continue;
    }
    const { key, value } = item;
    if (isScalar(key) && key.range) {
      const [start, end] = key.range;
      if (key.value === '<<' && isAlias(value)) {
        found.push(mergeKey(key.range));
        continue;
      }
      const first = known.get(key.value);
      if (first === undefined) known.set(key.value, start);
      else found.push(twice(String(key.value), [start, end], lineOf(first)));
    } else if (isNode(key) && key.range) found.push(notAKey(key.range));
    lookInto(value, lineOf, found);
  }
}

const twice = (key: string, range: Ranged['range'], line: number): Ranged => {
  const name = cut(printable(key), 60);
  return {
    range,
    problem: {
      code: 'topology/duplicate-key',
      path: [],
      what: `The key \`${name}\` stands twice in the same mapping, first in line ${line}.`,
      fix: `rename one of them, or put what both hold under one \`${name}:\``,
    },
  };
};

/** A list, a mapping or an alias as a key. */
const notAKey = ([start = 0, end = 0]: readonly number[]): Ranged => ({
  range: [start, end],
  problem: {
    code: 'topology/syntax',
    path: [],
    what: 'A key is a text, and this is none.',
    fix: 'write a name and a colon, or put the text into quotes',
  },
});

/** Of YAML 1.1: https://yaml.org/type/merge.html. */
const mergeKey = ([start = 0, end = 0]: readonly number[]): Ranged => ({
  range: [start, end],
  problem: {
    code: 'topology/unknown-key',
    path: [],
    what: 'YAML 1.2 has no merge keys (`<<`).',
    fix: 'write the keys out, or give the whole mapping an alias; a topology in TypeScript can repeat things',
  },
});
