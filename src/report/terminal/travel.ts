import { proseWidth, wrapText } from './text.js';

/** The one layout of a frame that goes from hop to hop, really or by the model. */

/** A hop on the way of a frame. */
export interface TravelHop {
  /** One character: what became of the frame here. */
  readonly mark: string;
  readonly label: string;
  /** What stands behind the label, as wide in each line. */
  readonly notes: string;
  /** What the frame looks like here, where that is known. */
  readonly frame: string | null;
}

/** What the frame looks like, then a line for each hop, with what is changed of the frame there. */
export function travelLines(
  hops: readonly TravelHop[],
  columns: number | undefined,
): readonly string[] {
  const width = Math.max(0, ...hops.map(({ label }) => label.length));
  const first = hops.find(({ frame }) => frame !== null)?.frame ?? null;
  let shown = first;
  const lines = hops.map(({ mark, label, notes, frame }) => {
    const line = `  ${mark} ${label.padEnd(width)}${notes}`;
    const isChanged = frame !== null && frame !== shown;
    if (frame !== null) shown = frame;
    return isChanged ? wrapText(`${line}   now `, frame, proseWidth(columns)) : line.trimEnd();
  });
  return [...(first === null ? [] : [wrapText('  ', first, proseWidth(columns))]), ...lines];
}

/** Why a frame died, as far as that is known. */
export const causeLines = (
  cause: Readonly<Partial<Record<'reason' | 'remedy' | 'source', string | null>>>,
  columns: number | undefined,
): readonly string[] =>
  (['reason', 'remedy', 'source'] as const).flatMap((name) => {
    const text = cause[name] ?? null;
    return text === null ? [] : [wrapText(`  ${name}: `, text, proseWidth(columns))];
  });
