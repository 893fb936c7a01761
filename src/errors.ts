import { runErrors } from './errors/run.js';
import { topologyErrors } from './errors/topology.js';

/**
 * Every error that patchlab raises on purpose has a code from this one table. The table feeds the
 * messages, the exit code of the command line and docs/reference/errors.md.
 */

/** Exit codes of every command. 1 is no error: a verdict was not as expected. */
export const EXIT = { ok: 0, verdict: 1, usage: 2, unknown: 3, host: 4 } as const;

/** The one table of codes. */
export const errorTable = { ...runErrors, ...topologyErrors };

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetails {
  /** What is wrong, one sentence, with the names of the things concerned. */
  readonly what: string;
  /** Why it is wrong, where that is not plain from `what`. */
  readonly why?: string;
  /** What to do, sharper than the table's remedy. */
  readonly fix?: string;
  /** The error below this one. */
  readonly cause?: unknown;
  /** Further errors of the same operation, e.g. of a teardown that kept going. */
  readonly others?: readonly unknown[];
}

/** An error that patchlab raises on purpose: what happened, why, and what to do. */
export class PatchlabError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string | undefined;
  readonly fix: string;
  readonly others: readonly unknown[];

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.what, { cause: details.cause });
    this.name = 'PatchlabError';
    this.code = code;
    this.what = details.what;
    this.why = details.why;
    this.fix = details.fix ?? errorTable[code].remedy;
    this.others = details.others ?? [];
  }

  get exitCode(): number {
    return errorTable[this.code].exit;
  }
}

/** The message of anything that was thrown, for a line of a report. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
