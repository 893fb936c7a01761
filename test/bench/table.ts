import { median } from './measure.js';
import type { Ratio, Row, Skipped, Target } from './section.js';

const digits = (value: number): string =>
  value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

/** Does a value keep to its target? */
const meets = (value: number, target: Target): boolean =>
  'most' in target ? value <= target.most : value >= target.least;

const goal = (target: Target): string =>
  'most' in target ? `at most ${target.most}` : `at least ${target.least}`;

function describe({ to, value, target }: Ratio): string {
  const verdict = target ? ` [${goal(target)}: ${meets(value, target) ? 'met' : 'MISSED'}]` : '';
  return `${digits(value)} x ${to}${verdict}`;
}

/** A row as a line: median, the range of all repetitions, ratios. */
export function formatRow(row: Row | Skipped): string {
  const what = `  ${row.what}`.padEnd(42);
  if ('skipped' in row) return `${what} skipped: ${row.skipped}`;
  const value = `${digits(median(row.samples))} ${row.unit}`.padStart(16);
  const range = `${digits(Math.min(...row.samples))}-${digits(Math.max(...row.samples))} (${row.samples.length})`;
  return `${what} ${value}  ${range.padEnd(20)}  ${(row.ratios ?? []).map(describe).join('; ')}`.trimEnd();
}
