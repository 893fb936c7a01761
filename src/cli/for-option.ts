import { UsageError } from './define.js';

/** `--for` of what goes on until somebody ends it. */
export const forOption = {
  for: { type: 'number', describe: 'End after so many seconds; Ctrl-C ends it at any time' },
} as const;

/** Seconds that a timer of Node takes, which counts milliseconds. */
const LONGEST = 2_000_000;

/** @throws UsageError for what is no such time */
export function demandFor(seconds: number | undefined): void {
  if (seconds !== undefined && !(seconds > 0 && seconds <= LONGEST))
    throw new UsageError(`--for takes seconds above 0 and up to ${LONGEST}, not ${seconds}.`);
}
