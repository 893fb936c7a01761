import type { z } from 'zod';
import { cut, printable } from '../characters.js';
import type { Path } from '../problem.js';
import { listed } from '../suggest.js';

type Issue = z.core.$ZodIssue;

/** Characters of a value that a message shows. */
const SHOWN = 60;

const nameOf = (value: object): string => {
  const empty = Object.keys(value).length === 0;
  if (!Array.isArray(value)) return empty ? 'an empty mapping' : 'a mapping';
  return empty ? 'an empty list' : `a list of ${value.length}`;
};

/** A value as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `\`${JSON.stringify(cut(printable(value), SHOWN))}\``;
  if (typeof value === 'object' && value !== null) return nameOf(value);
  if (typeof value === 'function') return 'a function';
  return `\`${cut(String(value), SHOWN)}\``;
}

const NAMES: Readonly<Record<string, string>> = {
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  array: 'a list',
  tuple: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
};

/** Words of a schema's own begin in lower case, with what to do; those of the library do not. */
const isOwn = (message: string): boolean => /^[a-z]/.test(message);

/** What the schema itself says is to be done, where it does. */
export const ownWords = ({ message }: Issue): string | undefined =>
  isOwn(message) ? message : undefined;

/** What is to be written in place of a value of the wrong type. */
export function wantedBy(issue: Issue): string {
  const own = ownWords(issue)?.replace(/^write /, '');
  if (own !== undefined) return own;
  if (issue.code === 'invalid_value') return `one of ${listed(issue.values.map(String))}`;
  const expected = issue.code === 'invalid_type' ? issue.expected : '';
  return NAMES[expected] ?? 'a value of another kind';
}

/** What a place in a file is called: its key, or its number in the list that has a key. */
export function placeOf(path: Path): string {
  const index = path.at(-1);
  if (index === undefined) return 'the file';
  if (typeof index === 'string') return `\`${index}\``;
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? `item ${index + 1}` : `item ${index + 1} of \`${list}\``;
}
