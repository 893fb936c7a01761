import { shownLines } from '../../shown.js';
import type { Trace, TraceHop } from '../../verify/run/trace.js';
import { proseWidth, wrapText } from './text.js';

/** A traced frame as text: a line for each hop, then where it died and why. @param columns - of the terminal, if it is one */
export function formatTrace(lab: string, frame: string, trace: Trace, columns?: number): string {
  const { hops, blame, error, surprise, from, to, sent, arrived } = shownLines(trace);
  const width = Math.max(...hops.map(({ label }) => label.length));
  const clocks = new Set(hops.flatMap(({ us, host }) => (us === null ? [] : [host])));
  const sight = hops.find((hop) => hop.frame !== null)?.frame ?? null;
  let shown = sight;
  const lines = hops.map((hop) => {
    const changed = hop.frame !== null && hop.frame !== shown;
    if (hop.frame !== null) shown = hop.frame;
    const parts = [
      `  ${mark(hop)} ${hop.label.padEnd(width)}`,
      when(hop).padStart(11),
      ...(clocks.size > 1 ? [`  ${hop.us === null ? '' : clockOf(hop)}`] : []),
      ...(changed ? [`  now ${hop.frame}`] : []),
    ];
    return parts.join(' ').trimEnd();
  });
  return [
    `${lab}: ${frame} (${sent}) ${from} > ${to}`,
    ...(sight === null ? [] : [`  ${sight}`]),
    ...lines,
    ...(error === null ? [] : [wrapText('  not known: ', error, proseWidth(columns))]),
    ...(arrived === true ? ['  It arrived.'] : []),
    ...(blame === null ? [] : [`  It died at ${blame.at}.`]),
    ...(['reason', 'remedy', 'source'] as const).flatMap((name) => {
      const text = blame?.[name] ?? null;
      return text === null ? [] : [wrapText(`  ${name}: `, text, proseWidth(columns))];
    }),
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
const clockOf = ({ host }: TraceHop): string =>
  host === 'local' ? "host's clock" : `clock of ${host.replace('guest:', '')}`;
