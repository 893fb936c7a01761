import { isMap, isNode, isPair, isScalar, LineCounter, type Document, type Scalar } from 'yaml';
import type { Path, Problem } from './problem.js';
import { aliasProblems } from './yaml/aliases.js';
import { repeatedKeys } from './yaml/keys.js';
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
  /** The text by lines; empty for a module, whose values have no place in a text. */
  readonly lines: readonly string[];
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
  lines: [],
  locate: () => undefined,
});

/** Read YAML 1.2 and remember where everything stood. */
export function parseYaml(file: string, text: string): ParsedSource {
  const counter = new LineCounter();
  const { document, second, tooDeep: deep } = readYaml(text, counter);
  const lines = text.split(/\r?\n/);
  const position = (start: number, end: number): Position => {
    const { line, col } = counter.linePos(start);
    const rest = (lines[line - 1] ?? '').length - col + 1;
    return { line, column: Math.max(1, col), length: Math.max(1, Math.min(end - start, rest)) };
  };
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
  const problems = ranged.map(({ problem, range: [start, end] }) => {
    const at = seen(text, start);
    return { ...problem, position: position(at, Math.max(end, at + 1)) };
  });
  return {
    source: {
      file,
      lines,
      locate: (problem) => {
        const { within } = problem;
        const inside = document && within && textAt(document, problem.path, position);
        if (inside) return placeIn(lines, inside, within);
        const range = document && rangeOf(document, problem.path, problem.atKey ?? false);
        // What holds nothing has its place at the top.
        return range ? position(range[0], range[1]) : { line: 1, column: 1, length: 1 };
      },
    },
    // Aliases have been counted.
    value: problems.length > 0 ? undefined : (document?.toJS({ maxAliasCount: -1 }) as unknown),
    problems,
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

/** A text in a file: how it is written, where it begins, where its line ends. */
interface Written {
  readonly type: Scalar['type'];
  readonly at: Position;
}

/** The text that the value at a path is; nothing where it is something else. */
function textAt(
  document: Document.Parsed,
  path: Path,
  position: (start: number, end: number) => Position,
): Written | undefined {
  const node = document.getIn(path, true);
  if (!isScalar(node) || !node.range) return undefined;
  return { type: node.type, at: position(node.range[0], node.range[1]) };
}

/** Characters before the first of a text that begins and ends on one line. */
const QUOTES: Readonly<Record<string, number>> = { PLAIN: 0, QUOTE_SINGLE: 1, QUOTE_DOUBLE: 1 };

/** A place inside a text; where the text begins if it is written so that its lines are others in the file. */
function placeIn(
  lines: readonly string[],
  { type = 'PLAIN', at }: Written,
  within: NonNullable<Problem['within']>,
): Position {
  if (type === 'BLOCK_LITERAL') {
    const line = at.line + within.line;
    const first = lines.slice(at.line).find((text) => text.trim() !== '') ?? '';
    return { line, column: first.search(/\S/) + within.column, length: 1 };
  }
  const quotes = QUOTES[type];
  if (quotes === undefined || within.line > 1) return at;
  return { line: at.line, column: at.column + quotes + within.column - 1, length: 1 };
}

/** The text range of the value at a path, of its key, or of the nearest thing above it. */
function rangeOf(
  document: Document.Parsed,
  path: Path,
  atKey: boolean,
): [number, number] | undefined {
  if (atKey) {
    const parent = document.getIn(path.slice(0, -1), true);
    const key = path.at(-1);
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === String(key))
      : undefined;
    if (pair && isNode(pair.key) && pair.key.range) return [pair.key.range[0], pair.key.range[1]];
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return [node.range[0], node.range[1]];
  }
  return undefined;
}
