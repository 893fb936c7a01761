import { forbiddenIn, printable } from './characters.js';
import type { Path, Problem } from './problem.js';
import { DEEPEST } from './yaml/read.js';

/**
 * Texts of a value, keys included, that hold a character which no text may hold; and lists and mappings that lie too deep
 * in one another, as those of a module can.
 */
export function textProblems(value: unknown, path: Path = []): readonly Problem[] {
  if (typeof value === 'string') return problemOf(value, path, false);
  if (typeof value !== 'object' || value === null) return [];
  if (path.length > 2 * DEEPEST) {
    return [
      {
        code: 'topology/too-large',
        path: path.slice(0, 3),
        what: 'Lists and mappings lie too deep in one another here.',
        fix: 'let nothing hold itself',
      },
    ];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return [...problemOf(key, at, true), ...textProblems(inner, at)];
  });
}

function problemOf(text: string, path: Path, atKey: boolean): readonly Problem[] {
  const character = forbiddenIn(text);
  if (character === undefined) return [];
  const sign = printable(text).indexOf('\ufffd');
  return [
    {
      code: 'topology/character',
      path,
      atKey,
      what: `This text holds the character ${character}.`,
      fix: `remove it; it is character ${sign + 1} of the text`,
    },
  ];
}
