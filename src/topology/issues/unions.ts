import { isRecord } from '../../is-record.js';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
export type UnionIssue = Issue & { readonly code: 'invalid_union' };

/** Was the value of a type that the schema does not take at all? */
const isOfWrongType = (issue: Issue, value: unknown): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' ||
    (issue.code === 'invalid_value' && typeof value !== typeof issue.values[0]) ||
    (issue.code === 'invalid_union' &&
      issue.errors.length > 0 &&
      issue.errors.every((issues) => issues.some((one) => isOfWrongType(one, value)))));

/** The issues of the one variant of a union that was meant: the only one that takes values of this type. */
export function meant({ errors }: UnionIssue, value: unknown): readonly Issue[] | undefined {
  const fitting = errors.filter((issues) => !issues.some((one) => isOfWrongType(one, value)));
  if (fitting.length === 1) return fitting[0];
  if (!isRecord(value)) return undefined;
  // Of mappings that one whose own key is there, or which has all keys that are.
  const marked = fitting.filter((issues) => !issues.some((one) => misses(one, value)));
  if (marked.length > 0) return marked.length === 1 ? marked[0] : undefined;
  return fitting.find((issues) => !issues.some(isStrangeKey)) ?? fitting[0];
}

/** Is a key missing, or that by which variants of a mapping are told apart? */
const misses = (issue: Issue, value: unknown): boolean =>
  issue.path.length === 1 &&
  ['invalid_type', 'invalid_union', 'invalid_value'].includes(issue.code) &&
  isRecord(value) &&
  value[String(issue.path[0])] === undefined;

const isStrangeKey = ({ code, path }: Issue): boolean =>
  code === 'unrecognized_keys' && path.length === 0;

/** The values that all variants of a union together take, where each takes certain values only. */
export function valuesOf({ errors }: UnionIssue): readonly unknown[] | undefined {
  const values = errors.map((issues) =>
    issues.flatMap((issue) =>
      issue.code === 'invalid_value' && issue.path.length === 0 ? [...issue.values] : [],
    ),
  );
  return values.every((some) => some.length > 0) ? values.flat() : undefined;
}
