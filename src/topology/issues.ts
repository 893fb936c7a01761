import type { z } from 'zod';
import type { Path, Problem } from './problem.js';
import { didYouMean } from './suggest.js';

/** Turn zod's issues into problems that say what is wrong and what to write instead. */

type Issue = z.core.$ZodIssue;
type Def = z.core.$ZodTypeDef & {
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly shape?: Record<string, z.core.$ZodType>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly discriminator?: string;
};

const defOf = (schema: z.core.$ZodType): Def => schema._zod.def;

/** The variants of a union that the written value chooses by its discriminator. */
function variantsFor(def: Def, value: unknown): readonly z.core.$ZodType[] {
  const { options = [], discriminator } = def;
  if (discriminator === undefined) return options;
  const chosen = (value as Record<string, unknown> | null)?.[discriminator];
  return options.filter((option) => {
    const field = defOf(option).shape?.[discriminator];
    return field?._zod.values?.has(chosen as string) ?? false;
  });
}

/** The keys that an object may have at a path. */
function keysAt(schema: z.core.$ZodType, path: Path, value: unknown): readonly string[] {
  const def = defOf(schema);
  const inner = def.innerType ?? def.in;
  if (inner) return keysAt(inner, path, value);
  if (def.options) return variantsFor(def, value).flatMap((option) => keysAt(option, path, value));
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(def.shape ?? {});
  const next = def.shape?.[step] ?? def.element ?? def.valueType;
  return next ? keysAt(next, rest, (value as Record<string, unknown> | null)?.[step]) : [];
}

/** The values that a discriminator may take at a path. */
function kindsAt(
  issue: Issue & { code: 'invalid_union' },
  root: z.core.$ZodType,
): readonly string[] {
  const parent = issue.path.slice(0, -1) as Path;
  const union = unionAt(root, parent);
  return (union?.options ?? []).flatMap((option) => [
    ...(defOf(option).shape?.[union?.discriminator ?? '']?._zod.values ?? []),
  ]) as string[];
}

function unionAt(schema: z.core.$ZodType, path: Path): Def | undefined {
  const def = defOf(schema);
  const inner = def.innerType ?? def.in;
  if (inner) return unionAt(inner, path);
  const [step, ...rest] = path;
  if (step === undefined) return def.options ? def : undefined;
  for (const option of def.options ?? []) {
    const found = unionAt(option, path);
    if (found) return found;
  }
  const next = def.shape?.[step] ?? def.element ?? def.valueType;
  return next ? unionAt(next, rest) : undefined;
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], value);

const show = (value: unknown): string => `\`${JSON.stringify(value)}\``;

const NAMES: Readonly<Record<string, string>> = {
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  array: 'a list',
  tuple: 'a list of exactly two',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
};

type Translator = (issue: never, path: Path, input: unknown, root: z.core.$ZodType) => Problem[];

const last = (path: Path): string => String(path.at(-1) ?? 'the file');

const wrongValue = (path: Path, value: unknown, fix: string): Problem => ({
  code: 'topology/wrong-value',
  path,
  what: `${show(value)} is not a value for \`${last(path)}\`.`,
  fix,
});

const translators: Partial<Record<Issue['code'], Translator>> = {
  unrecognized_keys: (issue: Issue & { code: 'unrecognized_keys' }, path, input, root) =>
    issue.keys.map((key) => ({
      code: 'topology/unknown-key',
      path: [...path, key],
      atKey: true,
      what: `\`${key}\` is not a key here.`,
      fix: didYouMean(key, keysAt(root, path, input)),
    })),
  invalid_type(issue: Issue & { code: 'invalid_type' }, path, input) {
    const value = valueAt(input, path);
    const expected = NAMES[issue.expected] ?? issue.expected;
    const own = issue.message.startsWith('write ') ? issue.message : `write ${expected}`;
    if (value !== undefined) return [wrongValue(path, value, own)];
    return [
      {
        code: 'topology/missing-key',
        path: path.slice(0, -1),
        what: `The key \`${last(path)}\` is missing.`,
        fix: `add \`${last(path)}:\` with ${expected}`,
      },
    ];
  },
  invalid_union(issue: Issue & { code: 'invalid_union' }, path, input, root) {
    if (issue.discriminator === undefined)
      return [wrongValue(path, valueAt(input, path), issue.message)];
    const key = issue.discriminator;
    const kinds = kindsAt(issue, root);
    const written = valueAt(input, path);
    if (written === undefined) {
      return [
        {
          code: 'topology/missing-key',
          path: path.slice(0, -1),
          what: `The key \`${key}\` is missing.`,
          fix: `add \`${key}:\` with one of ${kinds.map((kind) => `\`${kind}\``).join(', ')}`,
        },
      ];
    }
    return [
      {
        code: 'topology/unknown-kind',
        path,
        what: `${show(written)} is not a \`${key}\` that patchlab knows here.`,
        fix: didYouMean(JSON.stringify(written).replaceAll('"', ''), kinds),
      },
    ];
  },
  invalid_value: (issue: Issue & { code: 'invalid_value' }, path, input) => [
    wrongValue(
      path,
      valueAt(input, path),
      didYouMean(String(valueAt(input, path)), issue.values.map(String)),
    ),
  ],
  invalid_key: (issue: Issue & { code: 'invalid_key' }, path) => [
    {
      code: 'topology/wrong-value',
      path,
      atKey: true,
      what: `\`${last(path)}\` cannot be a key here.`,
      fix: issue.issues[0]?.message ?? issue.message,
    },
  ],
  too_small: (issue: Issue & { code: 'too_small' }, path, input) => [
    wrongValue(path, valueAt(input, path), bound('at least', issue.minimum, issue.origin)),
  ],
  too_big: (issue: Issue & { code: 'too_big' }, path, input) => [
    wrongValue(path, valueAt(input, path), bound('at most', issue.maximum, issue.origin)),
  ],
};

const bound = (which: string, limit: number | bigint, origin: string): string =>
  origin === 'number' || origin === 'int'
    ? `write a number of ${which} ${limit}`
    : `write ${which} ${limit} of them`;

/** All problems in zod's words turned into patchlab's. */
export function problemsOf(
  error: z.core.$ZodError,
  input: unknown,
  root: z.core.$ZodType,
): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path as Path;
    const translate = translators[issue.code];
    if (translate) return translate(issue as never, path, input, root);
    return [wrongValue(path, valueAt(input, path), issue.message)];
  });
}
