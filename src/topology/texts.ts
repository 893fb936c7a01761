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
  if (typeof value === 'string') tell(value, path, false, problems);
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
    if (!isList) tell(key, path, true, problems);
    lookInto((value as Record<string, unknown>)[key], path, problems);
    path.pop();
  }
}

function tell(text: string, path: Path, atKey: boolean, problems: Problem[]): void {
  const character = forbiddenIn(text);
  if (character === undefined) return;
  const sign = printable(text).indexOf('\ufffd');
  problems.push({
    code: 'topology/character',
    path: [...path],
    atKey,
    what: `This text holds the character ${character}.`,
    fix: `remove it; it is character ${sign + 1} of the text`,
  });
}
