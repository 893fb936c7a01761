import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

/** Topologies with slips of the pen in them. */

/** All topologies in YAML that come with patchlab. */
export const topologyTexts = readdirSync('topologies', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(`topologies/${name}`, 'utf8'));

/** Pieces of YAML, and values that one version or another of it reads in a way of its own. */
const WORDS = [
  ...[': ', '\n  ', '- ', '---\n', '\r\n', '<<', '!!str ', '!!int ', '\\x41', '\u2028', '\ufeff'],
  ...['null', '~', '0o17', '0x1F', '1_000', '1e3', '.5', '+1', '-.inf', '.nan', '010', 'yes'],
  ...['2026-01-01', '1:30'],
];

/** A text with one piece cut out and another in its place. */
export const slip = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(4),
  put: fc.oneof(
    fc.constantFrom(...Array.from('{}[],:#-?|>&*!%@`"\'~ \n\t'), ...WORDS),
    fc.string({ maxLength: 3, unit: 'binary' }),
  ),
});

/** The text with slips of the pen in it. */
export const slipped = (
  text: string,
  slips: readonly { at: number; cut: number; put: string }[],
): string =>
  slips.reduce((sum, { at, cut, put }) => {
    const begin = Math.floor(at * sum.length);
    return sum.slice(0, begin) + put + sum.slice(begin + cut);
  }, text);
