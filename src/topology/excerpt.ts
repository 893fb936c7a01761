import { shownColumns } from '../shown.js';
import type { Position } from './source.js';

/** Characters of a line that are shown, and how many of them stand before the marked ones. */
const WIDTH = 120;
const BEFORE = 50;

/**
 * The line with the marks beneath it. A long line is cut around them.
 * @returns two lines, behind the line's number
 */
export function excerpt(line: string, position: Position): readonly [string, string] {
  const number = String(position.line);
  const at = position.column - 1;
  const start = line.length <= WIDTH ? 0 : Math.max(0, Math.min(at - BEFORE, line.length - WIDTH));
  const end = Math.min(line.length, start + WIDTH);
  const [left, right] = [start > 0 ? '…' : '', end < line.length ? '…' : ''];
  const marks = Math.max(1, Math.min(position.length, end - at));
  return [
    `${number} | ${left}${shownColumns(line.slice(start, end))}${right}`,
    `${' '.repeat(number.length)} | ${' '.repeat(left.length + at - start)}${'^'.repeat(marks)}`,
  ];
}
