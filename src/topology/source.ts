import { LineCounter } from 'yaml';
import { once } from '../once.js';
import type { Problem } from './problem.js';
import { aliasProblems } from './yaml/aliases.js';
import { repeatedKeys } from './yaml/keys.js';
import { placesIn } from './yaml/places.js';
import { quickYaml } from './yaml/quick.js';
import { readYaml } from './yaml/read.js';
import { secondDocument, syntaxProblem, tooDeep, type Ranged } from './yaml/syntax.js';

/** Where in a file something stands: one-based line and column, and how many characters it takes there. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A topology's text or module, able to tell where a value was written. */
export interface Source {
  /** As the user named it. */
  readonly file: string;
  /** A line of the text, the first is 1; empty for a module, whose values have no place in a text. */
  line(number: number): string;
  locate(problem: Pick<Problem, 'path' | 'atKey' | 'within'>): Position | undefined;
}

export interface ParsedSource {
  readonly source: Source;
  readonly value: unknown;
  /** Syntax errors; `value` is worth nothing then. */
  readonly problems: readonly (Problem & { readonly position: Position })[];
}

/** A source without text: the value comes from a TypeScript module. */
export const moduleSource = (file: string): Source => ({
  file,
  line: () => '',
  locate: () => undefined,
});

/** Read YAML 1.2. It is read again for the place of a value, so that nobody keeps what a file without a problem has no use for. */
export function parseYaml(file: string, text: string): ParsedSource {
  const quick = quickYaml(text);
  return quick
    ? {
        ...quick,
        source: sourceOf(
          file,
          once(() => placesIn(text)),
        ),
        problems: [],
      }
    : parseClosely(file, text);
}

const sourceOf = (file: string, places: () => ReturnType<typeof placesIn>): Source => ({
  file,
  line: (number) => places().lines[number - 1] ?? '',
  locate: (problem) => places().locate(problem),
});

/** The same, by what tells each mistake with its place. */
export function parseClosely(file: string, text: string): ParsedSource {
  const counter = new LineCounter();
  const { document, second, tooDeep: deep } = readYaml(text, counter);
  const lineOf = (offset: number): number => counter.linePos(offset).line;
  const syntax = [
    ...(deep === undefined ? [] : [tooDeep(deep)]),
    ...firstOfEachLine((document?.errors ?? []).map(syntaxProblem), lineOf),
    ...(second === undefined ? [] : [secondDocument(second)]),
  ];
  const ranged =
    document && syntax.length === 0
      ? // An alias begins with `*`.
        [
          ...(text.includes('*') ? aliasProblems(document) : []),
          ...repeatedKeys(document.contents, lineOf),
        ]
      : syntax;
  const places = once(() => placesIn(text));
  return {
    source: sourceOf(file, places),
    // Aliases have been counted.
    value: ranged.length > 0 ? undefined : (document?.toJS({ maxAliasCount: -1 }) as unknown),
    problems: ranged.map(({ problem, range: [start, end] }) => {
      const at = seen(text, start);
      return { ...problem, position: places().position(at, Math.max(end, at + 1)) };
    }),
  };
}

/** What follows the first error of a line mostly follows from it. */
const firstOfEachLine = (all: readonly Ranged[], lineOf: (offset: number) => number): Ranged[] => [
  ...new Map(all.toReversed().map((one) => [lineOf(one.range[0]), one])).values(),
];

/** What is missing at the end of a text is shown at the last character that stands there. */
function seen(text: string, offset: number): number {
  if (text.slice(offset).trim() !== '') return offset;
  return Math.max(0, text.slice(0, offset + 1).trimEnd().length - 1);
}
