import { isCollection, isMap, isNode, isPair, isScalar } from 'yaml';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { Path, Problem } from './problem.js';

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
  locate(problem: Pick<Problem, 'path' | 'atKey'>): Position | undefined;
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
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    // The library compares each key with each; `repeatedKeys` looks them up.
    uniqueKeys: false,
  });
  const lines = text.split(/\r?\n/);
  const position = (start: number, end: number): Position => {
    const { line, col } = counter.linePos(start);
    const rest = (lines[line - 1] ?? '').length - col + 1;
    return { line, column: col, length: Math.max(1, Math.min(end - start, rest)) };
  };
  const problems = [
    ...document.errors.map((error) => ({
      code: 'topology/syntax' as const,
      path: [],
      what: `This is not valid YAML: ${error.message}.`,
      position: position(error.pos[0], error.pos[1]),
    })),
    ...repeatedKeys(document.contents).map(([start, end]) => ({
      code: 'topology/duplicate-key' as const,
      path: [],
      what: 'This key stands twice in the same mapping.',
      position: position(start, end),
    })),
  ];
  return {
    source: {
      file,
      lines,
      locate: (problem) => {
        const range = rangeOf(document, problem.path, problem.atKey ?? false);
        return range && position(range[0], range[1]);
      },
    },
    value: problems.length > 0 ? undefined : (document.toJS() as unknown),
    problems,
  };
}

/** The text ranges of all keys that their mapping has already. */
function repeatedKeys(node: unknown, found: [number, number][] = []): [number, number][] {
  if (!isCollection(node)) return found;
  const known = new Set<unknown>();
  for (const item of node.items) {
    if (!isPair(item)) {
      repeatedKeys(item, found);
      continue;
    }
    const { key, value } = item;
    if (isScalar(key)) {
      if (known.has(key.value) && key.range) found.push([key.range[0], key.range[1]]);
      known.add(key.value);
    }
    repeatedKeys(value, found);
  }
  return found;
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
