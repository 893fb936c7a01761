import type { Neighbour } from '../verify/judge/judge-neighbours.js';
import { shownLines } from '../shown.js';
import { wrapText } from './text.js';

const SIGNS = {
  expected: '  ok         ',
  relayed: '  relayed    ',
  missing: '  MISSING    ',
  unexpected: '  UNEXPECTED ',
  unknown: '  UNKNOWN    ',
} as const;

/** Is it missing as the model says it must be? */
const isForeseen = ({ state, predicted }: Neighbour): boolean =>
  state === 'missing' && predicted !== 'pass';

/** The adjacency as it was discovered, held against the cables, a line for each neighbour. */
export function formatNeighbours(lab: string, neighbours: readonly Neighbour[]): string {
  const found = shownLines(neighbours);
  const width = Math.max(0, ...found.map(({ port }) => port.length));
  const told = new Set<string>();
  const lines = found.flatMap((one) => {
    const { port, neighbour, state, chassis, reason } = one;
    const sign = isForeseen(one) ? '  not heard  ' : SIGNS[state];
    const line = `${sign}${port.padEnd(width)}  ${neighbour}${chassis === null ? '' : `  ${chassis}`}`;
    if (reason === null || told.has(reason)) return [line];
    told.add(reason);
    return [line, wrapText(' '.repeat(SIGNS.missing.length + width + 2), reason)];
  });
  const count = (state: Neighbour['state']): number =>
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
