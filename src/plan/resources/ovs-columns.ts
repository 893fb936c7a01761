import type { Act } from './define.js';
import type { OvsColumns } from './look.js';

/** Columns of a row of Open vSwitch's database, as ovs-vsctl(8) takes them: `tag=7`, `other_config:stp-priority=0`. */

/** An act of ovs-vsctl(8). */
export const vsctl = (...args: readonly string[]): Act => ({ do: { tool: 'ovs-vsctl', args } });

const nameOf = (column: string): string => column.slice(0, column.indexOf('='));

/**
 * Set what is wanted of a row, and take out the keys of maps that are wanted no more.
 * @param table - of the database, such as `bridge`
 * @param row - its name
 * @returns a sentence where a column, of which nobody knows what it was, is wanted no more
 */
export function setColumns(
  table: string,
  row: string,
  old: readonly string[],
  wanted: readonly string[],
): readonly Act[] | string {
  const names = new Set(wanted.map(nameOf));
  const gone = old.map(nameOf).filter((name) => !names.has(name));
  const plain = gone.find((name) => !name.includes(':'));
  if (plain !== undefined) return `nothing says what ${plain} was before it was set`;
  const changed = wanted.filter((column) => !old.includes(column));
  return [
    ...gone.map((name) => vsctl('remove', table, row, ...name.split(':'))),
    ...(changed.length === 0 ? [] : [vsctl('set', table, row, ...changed)]),
  ];
}

/**
 * What columns really have, in the words in which they are wanted: `stp_enable=true`.
 * @returns as many as are wanted, each with what it has
 */
export const readColumns = (wanted: readonly string[], real: OvsColumns): readonly string[] =>
  wanted.map(nameOf).map((name) => `${name}=${real[name] ?? '[]'}`);
