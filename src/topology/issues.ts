import { isRecord } from '../is-record.js';
import type { z } from 'zod';
import { boundsAt, describedAt, discriminatorAt, keysAt, valueAt } from './issues/schema-at.js';
import { meant, valuesOf, type UnionIssue } from './issues/unions.js';
import { ownWords, placeOf, show, wantedBy } from './issues/words.js';
import type { Path, Problem } from './problem.js';
import { didYouMean, listed } from './suggest.js';

/** Turn zod's issues into problems that say what is wrong and what to write instead. */

type Issue = z.core.$ZodIssue;

/** An issue at its place in the file. */
interface Place {
  readonly path: Path;
  readonly value: unknown;
  readonly input: unknown;
  readonly root: z.core.$ZodType;
}

type Translator = (issue: never, place: Place) => Problem[];

const wrongValue = ({ path, value }: Place, fix: Problem['fix']): Problem[] => [
  {
    code: 'topology/wrong-value',
    path,
    what:
      value === null || value === undefined
        ? `${typeof path.at(-1) === 'string' ? `The key ${placeOf(path)}` : capital(placeOf(path))} has no value.`
        : `${capital(show(value))} is not a value for ${placeOf(path)}.`,
    ...(fix !== undefined && { fix }),
  },
];

/** A key that is not there, with what the documentation says of it. */
function missing({ path, input, root }: Place, wanted: string): Problem[] {
  const meaning = describedAt(root, path, input);
  return [
    {
      code: 'topology/missing-key',
      path: path.slice(0, -1),
      what: `The key ${placeOf(path)} is missing.`,
      fix: `add \`${String(path.at(-1))}:\`${meaning === undefined ? '' : ` (${lowerFirst(meaning)})`} with ${wanted}`,
    },
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The first letter small, unless it begins an abbreviation. */
const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** YAML 1.2 takes these for texts (YAML 1.2.2, 10.3.2). */
const BOOLEANS: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };

function wrongType(issue: Issue & { code: 'invalid_type' }, place: Place): Problem[] {
  const { path, value, input, root } = place;
  const union = discriminatorAt(root, path, input);
  const keys = keysAt(root, path, input);
  const mapping = union
    ? `a mapping with \`${union.key}:\`, one of ${listed(union.values)}`
    : `a mapping with ${keys.length === 1 ? 'the key' : 'keys of'} ${listed(keys)}`;
  const isMapping = ownWords(issue) === undefined && (union !== undefined || keys.length > 0);
  const wanted = isMapping ? mapping : wantedBy(issue);
  if (isMissing(place)) return missing(place, wanted);
  const meantBoolean =
    issue.expected === 'boolean' && typeof value === 'string'
      ? BOOLEANS[value.toLowerCase()]
      : undefined;
  if (meantBoolean !== undefined)
    return wrongValue(place, `write \`${meantBoolean}\`; in YAML 1.2 ${show(value)} is a text`);
  const { min, max } = boundsAt(root, path, input);
  const range = min !== undefined && max !== undefined ? ` from ${min} to ${max}` : '';
  const meaning = issue.expected === 'array' ? describedAt(root, path, input) : undefined;
  const about = meaning === undefined ? '' : ` (${lowerFirst(meaning)})`;
  return wrongValue(place, `write ${wanted}${range}${about}`);
}

function wrongKind(place: Place): Problem[] {
  const { path, value, input, root } = place;
  const kinds = discriminatorAt(root, path.slice(0, -1), input)?.values ?? [];
  if (value === undefined) return missing(place, `one of ${listed(kinds)}`);
  return [
    {
      code: 'topology/unknown-kind',
      path,
      what: `${capital(show(value))} is not a ${placeOf(path)} that patchlab knows here.`,
      fix: () => choice(value, kinds),
    },
  ];
}

const choice = (value: unknown, values: readonly string[]): string =>
  typeof value === 'string' ? didYouMean(value, values) : `write one of ${listed(values)}`;

function wrongUnion(issue: UnionIssue, place: Place): Problem[] {
  if (issue.discriminator !== undefined) return wrongKind(place);
  const own = ownWords(issue);
  if (isMissing(place)) return missing(place, (own ?? wordsOf(issue)).replace(/^write /, ''));
  const inner = meant(issue, place.value) ?? [];
  // What is wrong further in, or with a key, says more than what the whole should be.
  if (inner.length > 0 && (own === undefined || inner.some(isFurtherIn)))
    return inner.flatMap((one) => translate(one, place));
  if (own !== undefined) return wrongValue(place, own);
  const values = valuesOf(issue)?.map(String);
  if (values) return wrongValue(place, () => choice(place.value, values));
  return wrongValue(place, `write ${mappingAt(place) ?? wordsOf(issue)}`);
}

/** A key that is not there; what is missing in a list has no key. */
const isMissing = ({ path, value }: Place): boolean =>
  value === undefined && typeof path.at(-1) === 'string';

/** What each variant of a union wants. */
function wordsOf({ errors }: UnionIssue): string {
  const wanted = [...new Set(errors.flatMap(([first]) => (first ? [wantedBy(first)] : [])))];
  const list = wanted.indexOf('a list');
  if (list > 0) wanted[list] = 'a list of such';
  return wanted.join(', or ');
}

/** What tells the variants of a mapping apart, where none of a list was written. */
function mappingAt({ root, path, input, value }: Place): string | undefined {
  const union = isRecord(value) ? undefined : discriminatorAt(root, path, input);
  return union && `a mapping with \`${union.key}:\`, one of ${listed(union.values)}`;
}

const isFurtherIn = (issue: Issue): boolean =>
  issue.path.length > 0 || issue.code === 'unrecognized_keys';

/** How many, or how large. */
function outOfBounds(issue: Issue & { code: 'too_small' | 'too_big' }, place: Place): Problem[] {
  const own = ownWords(issue);
  if (own !== undefined) return wrongValue(place, own);
  const { path, input, root } = place;
  const [which, limit] =
    issue.code === 'too_small' ? ['at least', issue.minimum] : ['at most', issue.maximum];
  if (issue.origin !== 'number' && issue.origin !== 'int')
    return wrongValue(place, `write a list of ${which} ${limit}`);
  const { min, max } = boundsAt(root, path, input);
  return wrongValue(
    place,
    min !== undefined && max !== undefined
      ? `write a number from ${min} to ${max}`
      : `write a number of ${which} ${limit}`,
  );
}

const translators: Partial<Record<Issue['code'], Translator>> = {
  unrecognized_keys: (issue: Issue & { code: 'unrecognized_keys' }, { path, input, root }) =>
    issue.keys.map((key) => ({
      code: 'topology/unknown-key',
      path: [...path, key],
      atKey: true,
      what: `${placeOf([key])} is not a key here.`,
      fix: () => didYouMean(key, keysAt(root, path, input)),
    })),
  invalid_type: wrongType,
  invalid_union: wrongUnion,
  invalid_value: (issue: Issue & { code: 'invalid_value' }, place) =>
    isMissing(place)
      ? missing(place, `one of ${listed(issue.values.map(String))}`)
      : wrongValue(place, () => choice(place.value, issue.values.map(String))),
  invalid_key: (issue: Issue & { code: 'invalid_key' }, { path }) => [
    {
      code: 'topology/wrong-value',
      path,
      atKey: true,
      what: `${placeOf(path)} cannot be a key here.`,
      fix: ownWords(issue.issues[0] as Issue) ?? 'write another key',
    },
  ],
  too_small: outOfBounds,
  too_big: outOfBounds,
};

function translate(issue: Issue, { path: prefix, input, root }: Omit<Place, 'value'>): Problem[] {
  const path = [...prefix, ...(issue.path as Path)];
  const place = { path, input, root, value: valueAt(input, path) };
  const translator = translators[issue.code];
  if (translator) return translator(issue as never, place);
  return wrongValue(place, ownWords(issue) ?? 'write a value of another form');
}

/** All problems in zod's words turned into patchlab's. */
export const problemsOf = (
  error: z.core.$ZodError,
  input: unknown,
  root: z.core.$ZodType,
): Problem[] => error.issues.flatMap((issue) => translate(issue, { path: [], input, root }));
