import type { Cause, Hop } from '../../hops/types.js';
import { gistOf } from './gist.js';
import { wrapText } from './text.js';

/** Reasons by number: those that say the same of several places are told once. */
export interface Notes {
  /** What stands behind a place for its reason. */
  refer(cause: Cause, at: readonly (Hop | undefined)[]): string;
  lines(width: number): readonly string[];
}

const keyOf = (cause: Cause, at: readonly (Hop | undefined)[]): string =>
  gistOf(
    cause.reason,
    at.flatMap((hop) => hop?.label ?? []),
  );

/** @param known - the reason that is told anyway, and the hops that it names */
export function createNotes(known?: {
  readonly cause: Cause;
  readonly at: readonly (Hop | undefined)[];
}): Notes {
  const told = known && keyOf(known.cause, known.at);
  const notes = new Map<string, { readonly number: number; readonly reason: string }>();
  // The same sentence may be said at several places, and name but one of them.
  const keys = new Map<string, string>();
  return {
    refer(cause, at) {
      const key = keys.get(cause.reason) ?? keyOf(cause, at);
      keys.set(cause.reason, key);
      if (key === told || cause.reason === known?.cause.reason) return 'for the same reason';
      const note = notes.get(key) ?? { number: notes.size + 1, reason: cause.reason };
      notes.set(key, note);
      return `[${note.number}]`;
    },
    lines: (width) =>
      [...notes.values()].map(({ number, reason }) => wrapText(`  [${number}] `, reason, width)),
  };
}
