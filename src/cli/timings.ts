import { seconds } from './progress.js';

/** A part of the time. */
export interface Timing {
  readonly what: string;
  /** Milliseconds. */
  readonly ms: number;
}

/** Says where the time of a command went. */
export interface Clock {
  /** The parts so far, in the order in which they ended. */
  readonly timings: readonly Timing[];
  /** All that has passed and belongs to no part yet was this. */
  lap(what: string): void;
  /** A part that was measured elsewhere. */
  add(what: string, ms: number): void;
}

/**
 * Start a clock.
 * @param since - milliseconds after the start of the process; without it, its start
 */
export function startClock(since = 0): Clock {
  const timings: Timing[] = [];
  return {
    timings,
    lap(what) {
      const told = timings.reduce((sum, { ms }) => sum + ms, 0);
      timings.push({ what, ms: Math.max(0, performance.now() - since - told) });
    },
    add(what, ms) {
      timings.push({ what, ms });
    },
  };
}

/** A table with a line for each part of the time, its share, and the sum. */
export function formatTimings(timings: readonly Timing[]): string {
  const all = timings.reduce((sum, { ms }) => sum + ms, 0);
  const width = Math.max(...timings.map(({ what }) => what.length), 'all'.length);
  const line = ({ what, ms }: Timing): string => {
    const share = all > 0 ? Math.round((100 * ms) / all) : 0;
    return `  ${what.padEnd(width)}  ${seconds(ms).padStart(9)}  ${String(share).padStart(3)} %`;
  };
  return [...timings, { what: 'all', ms: all }].map(line).join('\n');
}
