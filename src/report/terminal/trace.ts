import { shownLines } from '../../shown.js';
import type { Trace, TraceHop } from '../../verify/run/trace.js';
import { tellKernel } from '../losses.js';
import { proseWidth, wrapText } from './text.js';
import { causeLines, travelLines } from './travel.js';
import { shownHost } from '../../where.js';

/** A traced frame as text: a line for each hop, then where it died and why. @param columns - of the terminal, if it is one */
export function formatTrace(lab: string, frame: string, trace: Trace, columns?: number): string {
  const { hops, blame, error, surprise, from, to, sent, arrived } = shownLines(trace);
  const clocks = new Set(hops.flatMap(({ us, host }) => (us === null ? [] : [host])));
  const clockColumn = clocks.size > 1 ? Math.max(...hops.map((hop) => clockOf(hop).length)) : 0;
  const lines = hops.map((hop) => {
    const clock = clockColumn === 0 ? '' : `   ${clockOf(hop).padEnd(clockColumn)}`;
    const notes = ` ${when(hop).padStart(11)}${clock}`;
    return { mark: mark(hop), label: hop.label, notes, frame: hop.frame };
  });
  return [
    `${lab}: ${frame} (${sent}) ${from} > ${to}`,
    ...travelLines(lines, columns),
    ...(error === null ? [] : [wrapText('  not known: ', error, proseWidth(columns))]),
    ...(arrived === true ? ['  It arrived.'] : []),
    ...(blame === null ? [] : [`  It died at ${blame.at}.`]),
    ...causeLines(blame ?? {}, columns),
    ...(blame?.kernel
      ? [wrapText('  kernel: ', tellKernel(blame.kernel), proseWidth(columns))]
      : []),
    ...(surprise === null ? [] : [wrapText('  UNPREDICTED: ', surprise, proseWidth(columns))]),
  ].join('\n');
}

const mark = ({ seen, altered }: TraceHop): string =>
  altered !== null ? '≠' : seen === null ? '·' : seen ? '✓' : '✗';

const when = ({ us, seen }: TraceHop): string => {
  if (us !== null) return us === 0 ? '0 µs' : `+${us} µs`;
  return seen === null ? 'not watched' : '';
};

/** Times of two machines cannot be compared. */
const clockOf = ({ host, us }: TraceHop): string => {
  if (us === null) return '';
  const guest = shownHost(host);
  return guest === undefined ? "host's clock" : `clock of ${guest}`;
};
