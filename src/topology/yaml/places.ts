import { isMap, isNode, isPair, isScalar, LineCounter, type Document, type Scalar } from 'yaml';
import type { Path, Problem } from '../problem.js';
import type { Position, Source } from '../source.js';
import { readYaml } from './read.js';

/** A text by its lines, able to tell where its values stand. */
interface TextPlaces {
  readonly lines: readonly string[];
  readonly locate: Source['locate'];
  /** The place of a piece of the text, cut at the end of its line. */
  position(start: number, end: number): Position;
}

/** Read a text of YAML for where everything stands in it. */
export function placesIn(text: string): TextPlaces {
  const counter = new LineCounter();
  const { document } = readYaml(text, counter);
  const lines = text.split(/\r?\n/);
  const position = (start: number, end: number): Position => {
    const { line, col } = counter.linePos(start);
    const rest = (lines[line - 1] ?? '').length - col + 1;
    return { line, column: Math.max(1, col), length: Math.max(1, Math.min(end - start, rest)) };
  };
  return {
    lines,
    position,
    locate({ path, atKey = false, within }) {
      const inside = document && within && textAt(document, path, position);
      if (inside) return placeIn(lines, inside, within);
      const range = document && rangeOf(document, path, atKey);
      // What holds nothing has its place at the top.
      return range ? position(range[0], range[1]) : { line: 1, column: 1, length: 1 };
    },
  };
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
