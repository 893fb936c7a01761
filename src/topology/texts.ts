import { forbiddenIn, printable } from './characters.js';
import type { Path, Problem } from './problem.js';
import { DEEPEST } from './yaml/read.js';

/**
 * Texts of a value, keys included, that hold a character which no text may hold; and lists and mappings that lie too deep
 * in one another, as those of a module can.
 */
export function textProblems(value: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  lookInto(value, [], problems);
  return problems;
}

/** @param path - where `value` stands; the same again when this returns */
function lookInto(value: unknown, path: (string | number)[], problems: Problem[]): void {
  if (typeof value === 'string') problems.push(...problemOf(value, path, false));
  if (typeof value !== 'object' || value === null) return;
  if (path.length > 2 * DEEPEST) {
    problems.push({
      code: 'topology/too-large',
      path: path.slice(0, 3),
      what: 'Lists and mappings lie too deep in one another here.',
      fix: 'let nothing hold itself',
    });
    return;
  }
  const isList = Array.isArray(value);
  for (const key in value) {
    path.push(isList ? Number(key) : key);
    if (!isList) problems.push(...problemOf(key, path, true));
    lookInto((value as Record<string, unknown>)[key], path, problems);
    path.pop();
  }
}

function problemOf(text: string, path: Path, atKey: boolean): readonly Problem[] {
  const character = forbiddenIn(text);
  if (character === undefined) return [];
  const sign = printable(text).indexOf('\ufffd');
  return [
    {
      code: 'topology/character',
      path: [...path],
      atKey,
      what: `This text holds the character ${character}.`,
      fix: `remove it; it is character ${sign + 1} of the text`,
    },
  ];
}
