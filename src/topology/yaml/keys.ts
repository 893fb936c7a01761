import { isAlias, isCollection, isNode, isPair, isScalar } from 'yaml';
import { cut, printable } from '../characters.js';
import type { Ranged } from './syntax.js';

/**
 * Keys that their mapping has already.
 * @param lineOf - the line of an offset
 */
export function repeatedKeys(node: unknown, lineOf: (offset: number) => number): Ranged[] {
  if (!isCollection(node)) return [];
  const known = new Map<unknown, number>();
  return node.items.flatMap((item) => {
    if (!isPair(item)) return repeatedKeys(item, lineOf);
    const { key, value } = item;
    const inner = repeatedKeys(value, lineOf);
    if (!isScalar(key) || !key.range)
      return isNode(key) && key.range ? [...notAKey(key.range), ...inner] : inner;
    const [start, end] = key.range;
    if (key.value === '<<' && isAlias(value)) return mergeKey(key.range);
    const first = known.get(key.value);
    if (first === undefined) {
      known.set(key.value, start);
      return inner;
    }
    const name = cut(printable(String(key.value)), 60);
    return [
      {
        range: [start, end] as const,
        problem: {
          code: 'topology/duplicate-key' as const,
          path: [],
          what: `The key \`${name}\` stands twice in the same mapping, first in line ${lineOf(first)}.`,
          fix: `rename one of them, or put what both hold under one \`${name}:\``,
        },
      },
      ...inner,
    ];
  });
}

/** A list, a mapping or an alias as a key. */
const notAKey = ([start, end]: readonly number[]): Ranged[] => [
  {
    range: [start ?? 0, end ?? 0],
    problem: {
      code: 'topology/syntax',
      path: [],
      what: 'A key is a text, and this is none.',
      fix: 'write a name and a colon, or put the text into quotes',
    },
  },
];

/** Of YAML 1.1: https://yaml.org/type/merge.html. */
const mergeKey = ([start, end]: readonly number[]): Ranged[] => [
  {
    range: [start ?? 0, end ?? 0],
    problem: {
      code: 'topology/unknown-key',
      path: [],
      what: 'YAML 1.2 has no merge keys (`<<`).',
      fix: 'write the keys out, or give the whole mapping an alias; a topology in TypeScript can repeat things',
    },
  },
];
