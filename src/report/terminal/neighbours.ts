import type { PortNeighbour } from '../../verify/judge/judge-neighbours.js';
import { groupBy } from '../../group-by.js';
import { proseWidth, wrapText } from './text.js';
import { shownLines } from '../../shown.js';

const SIGNS = {
  expected: '  ok         ',
  relayed: '  relayed    ',
  missing: '  MISSING    ',
  unexpected: '  UNEXPECTED ',
  unknown: '  UNKNOWN    ',
} as const;

/** Is it missing as the model says it must be? */
const isForeseen = ({ state, predicted }: PortNeighbour): boolean =>
  state === 'missing' && predicted !== 'pass';

/** More neighbours of a port that are alike than this are summed up. */
const MOST_ALIKE = 3;

export interface NeighboursOptions {
  /** A line for each neighbour, however many are alike. */
  readonly each?: boolean;
  /** Of the terminal, if it is one. */
  readonly columns?: number | undefined;
}

/** The adjacency as it was discovered, held against the cables. */
export function formatNeighbours(
  lab: string,
  neighbours: readonly PortNeighbour[],
  { each = false, columns }: NeighboursOptions = {},
): string {
  const found = shownLines(neighbours);
  const width = Math.max(0, ...found.map(({ port }) => port.length));
  const told = new Set<string>();
  const prose = proseWidth(columns);
  const lines = groupsOf(found, each).flatMap((group) => {
    const [one] = group;
    if (!one) return [];
    const { port, neighbour, chassis, reason } = one;
    const begin = `${signOf(one)}${port.padEnd(width)}  `;
    const line =
      group.length === 1
        ? `${begin}${neighbour}${chassis === null ? '' : `  ${chassis}`}`
        : wrapText(begin, group.map((member) => member.neighbour).join(', '), prose);
    if (reason === null || told.has(reason)) return [line];
    told.add(reason);
    return [line, wrapText(' '.repeat(begin.length), reason, prose)];
  });
  const count = (state: PortNeighbour['state']): number =>
    found.filter((one) => one.state === state && !isForeseen(one)).length;
  const foreseen = found.filter(isForeseen).length;
  const parts = [
    `${count('expected')} as declared`,
    ...(['relayed', 'missing', 'unexpected', 'unknown'] as const)
      .filter((state) => count(state) > 0)
      .map((state) => `${count(state)} ${state}`),
    ...(foreseen > 0 ? [`${foreseen} not heard, as the model says`] : []),
  ];
  return [`${lab}: whom each port hears by LLDP`, ...lines, `${lab}: ${parts.join(', ')}`].join(
    '\n',
  );
}

const signOf = (one: PortNeighbour): string =>
  isForeseen(one) ? '  not heard  ' : SIGNS[one.state];

/** Neighbours of one port of which the same is to be said, together where they are many. */
function groupsOf(
  found: readonly PortNeighbour[],
  each: boolean,
): readonly (readonly PortNeighbour[])[] {
  if (each) return found.map((one) => [one]);
  const groups = groupBy(found, (one) => [one.port, signOf(one), one.reason].join('\0'));
  return [...groups.values()].flatMap((group) =>
    group.length > MOST_ALIKE ? [group] : group.map((one) => [one]),
  );
}
