import { errorTable, type ErrorCode } from '../errors.js';

/** Keys and indexes that lead from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** Something wrong in a topology, before it is known where in the text the value stands. */
export interface Problem {
  readonly code: ErrorCode;
  readonly path: Path;
  /** The problem is the key at the end of the path rather than its value. */
  readonly atKey?: boolean;
  /** The problem is at this place of the text that the value is: one-based line and column. */
  readonly within?: { readonly line: number; readonly column: number };
  readonly what: string;
  readonly why?: string;
  /** What to write instead, sharper than the remedy of the code; asked for where it is shown. */
  readonly fix?: string | (() => string);
}

/** The same problem seen from one level further up. */
export const under = (path: Path, problem: Problem): Problem => ({
  ...problem,
  path: [...path, ...problem.path],
});

/** What to do about a problem. It may be costly to find, so ask where it is shown. */
export const fixOf = ({ code, fix = errorTable[code].remedy }: Problem): string =>
  typeof fix === 'string' ? fix : fix();
