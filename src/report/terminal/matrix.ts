import { groupBy } from '../../group-by.js';
import { freedIn } from '../losses.js';
import { differences, unknowns, type Matrix, type MatrixCell } from '../../matrix/result.js';

/** A measured link kind as text: classes against settings, two marks to a cell, one for each direction. */

/** What a cell shows of one direction. */
export const MARKS = {
  pass: '.',
  drop: 'x',
  random: '?',
  differs: '!',
  unknown: '-',
} as const;

/** The mark of one direction of a cell. */
export function markOf(cell: MatrixCell): keyof typeof MARKS {
  if (cell.differs) return 'differs';
  if (cell.observed === 'unknown') return 'unknown';
  return cell.predicted === 'random' ? 'random' : cell.observed;
}

/** The cells of a matrix by variant, class and direction. */
export function cellsBy({ cells }: Matrix) {
  const key = (...parts: readonly string[]): string => parts.join('\0');
  const known = new Map(
    cells.map((cell) => [key(cell.variant, cell.class, cell.direction), cell] as const),
  );
  return (variant: string, name: string, direction: MatrixCell['direction']) =>
    known.get(key(variant, name, direction));
}

/** One sentence about what was found. */
export function summaryOf(matrix: Matrix): string {
  const [wrong, unknown] = [differences(matrix).length, unknowns(matrix).length];
  const counted = `${matrix.cells.length} cells: ${matrix.cells.length - wrong - unknown} as predicted`;
  return [
    counted,
    ...(wrong > 0 ? [`${wrong} not`] : []),
    ...(unknown > 0 ? [`${unknown} could not be found out`] : []),
  ].join(', ');
}

/** Cells that are alike in what is said of them. */
export interface Alike {
  /** The first of them. */
  readonly cell: MatrixCell;
  readonly classes: readonly string[];
  readonly variants: readonly string[];
  /** How many they are, and how many of them were dropped. */
  readonly count: number;
  readonly dropped: number;
  /** What the kernel said of those, and of how many. */
  readonly kernel: readonly string[];
}

/** Why frames are dropped, by the model: each cause once, with the classes and settings that it holds for. */
export const causesOf = ({ cells }: Matrix): readonly Alike[] =>
  alike(
    cells.filter(({ at, reason }) => at !== null && reason !== null),
    ({ predicted, at, reason }) => [predicted, at, reason],
  );

/** What was not as predicted or could not be found out, likewise. */
const troublesOf = (matrix: Matrix): readonly Alike[] =>
  alike([...differences(matrix), ...unknowns(matrix)], (cell) => [
    ...[cell.class, cell.predicted, cell.at, cell.observed],
    ...[cell.lastSeen, cell.firstMissed, cell.note],
  ]);

/** Put cells together of which the same is said, but for the port. */
function alike(
  cells: readonly MatrixCell[],
  say: (cell: MatrixCell) => readonly (string | null)[],
): readonly Alike[] {
  const groups = new Map<string, MatrixCell[]>();
  for (const cell of cells) {
    const key = say(cell)
      .map((text) => skeleton(text ?? ''))
      .join('\0');
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((group) => {
    const [cell] = group;
    if (!cell) return [];
    const distinct = (field: 'class' | 'variant') => [...new Set(group.map((one) => one[field]))];
    const dropped = group.filter(({ observed }) => observed === 'drop').length;
    const [classes, variants] = [distinct('class'), distinct('variant')];
    return [{ cell, classes, variants, count: group.length, dropped, kernel: wordsOf(group) }];
  });
}

/** What the kernel said of losses, each once with the number of those of which it said so. */
const wordsOf = (cells: readonly MatrixCell[]): readonly string[] =>
  [
    ...groupBy(
      cells.flatMap(({ kernel }) => kernel ?? []),
      freedIn,
    ),
  ].map(([said, all]) => `freed in ${said} (${all.length} of ${cells.length})`);

/** Text without the names and numbers that differ from cable to cable and from group to group. */
const skeleton = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/g, 'MAC')
    .replaceAll(/\b[ab]\d+:p\d+\b|\blink\d+\b/g, 'PORT')
    .replaceAll(/\b(0x[0-9a-f]+|\d+)\b/g, 'N');

/** The hop without the port that it is on the side of: `b1:p3 macvtap` is a macvtap. */
export const placeOf = (label: string | null): string =>
  label?.split(' ').slice(1).join(' ') || 'port';

/** The whole matrix for a terminal. */
export function formatMatrix(matrix: Matrix): string {
  const { kind, ends, variants, classes } = matrix;
  const cellAt = cellsBy(matrix);
  const width = Math.max(...classes.map((name) => name.length));
  const columns = variants.map((_, index) => String(index + 1).padStart(3));
  const rows = classes.map((name) => {
    const marks = variants.map(({ name: variant }) =>
      (['forth', 'back'] as const)
        .map((direction) => cellAt(variant, name, direction))
        .map((cell) => (cell ? MARKS[markOf(cell)] : ' '))
        .join('')
        .padStart(3),
    );
    return `  ${name.padEnd(width)} ${marks.join('')}`;
  });
  const list = (names: readonly string[], all: readonly unknown[]): string =>
    names.length === all.length ? 'all' : names.join(', ');
  return [
    `${kind}: ${ends[0]} (a) and ${ends[1]} (b), two marks for a > b and b > a`,
    ...variants.map(({ name }, index) => `  ${String(index + 1).padStart(2)} ${name}`),
    '',
    `  ${''.padEnd(width)} ${columns.join('')}`,
    ...rows,
    '',
    `  ${MARKS.pass} arrives  ${MARKS.drop} is dropped  ${MARKS.random} random, by the model  ${MARKS.differs} not as predicted  ${MARKS.unknown} not known`,
    ...causesOf(matrix).flatMap(
      ({ cell, classes: names, variants: where, count, dropped, kernel: said }) => [
        '',
        `  ${MARKS[cell.predicted]} at the ${placeOf(cell.at)}: ${list(names, classes)} (${list(where, variants)})${cell.predicted === 'random' ? `, dropped in ${dropped} of ${count}` : ''}`,
        `    ${cell.reason ?? ''}`,
        ...(said.length === 0 ? [] : [`    The kernel: ${said.join('; ')}`]),
      ],
    ),
    ...troublesOf(matrix).flatMap(({ cell, classes: names, variants: where }) => [
      '',
      `  ${MARKS[markOf(cell)]} ${list(names, classes)} (${list(where, variants)}), such as ${cell.from} > ${cell.to}`,
      `    predicted: ${predictedIn(cell)}; observed: ${observedIn(cell)}`,
      ...(cell.note === null ? [] : [`    ${cell.note}`]),
    ]),
    '',
    `${kind}: ${summaryOf(matrix)} (${(matrix.ms / 1000).toFixed(1)} s)`,
  ].join('\n');
}

/** What the model says of a frame, in words. */
export const predictedIn = ({ predicted, at }: MatrixCell): string =>
  at === null ? predicted : `${predicted} at ${at}`;

/** What was seen of a frame, in words. */
export function observedIn({ observed, lastSeen, firstMissed }: MatrixCell): string {
  if (observed !== 'drop') return observed;
  return `lost between ${lastSeen ?? 'the sender'} and ${firstMissed ?? 'the receiver'}`;
}
