import type { ErrorCode } from '../errors.js';

/** Keys and indexes that lead from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** Something wrong in a topology, before it is known where in the text the value stands. */
export interface Problem {
  readonly code: ErrorCode;
  readonly path: Path;
  /** The problem is the key at the end of the path rather than its value. */
  readonly atKey?: boolean;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

/** The same problem seen from one level further up. */
export const under = (path: Path, problem: Problem): Problem => ({
  ...problem,
  path: [...path, ...problem.path],
});
