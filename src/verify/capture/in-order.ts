/** Puts what comes from several captures into the order of time. */
export interface TimeOrder<T> {
  /** Take in what one capture has seen, oldest first. */
  push(items: readonly T[]): void;
  /**
   * All that is not younger than a time, oldest first. Of equals, what came in first is first.
   * @param until - up to here every capture has told all
   */
  take(until: number): readonly T[];
  /** How many came in after younger ones had been taken: they stand behind those. */
  readonly late: number;
}

/** An empty order. */
export function createTimeOrder<T extends { readonly time: number }>(): TimeOrder<T> {
  let waiting: T[] = [];
  let taken = -Infinity;
  let late = 0;
  return {
    push(items) {
      for (const item of items) waiting.push(item);
    },
    take(until) {
      const due = waiting.filter(({ time }) => time <= until).sort((a, b) => a.time - b.time);
      if (due.length === 0) return due;
      waiting = waiting.filter(({ time }) => time > until);
      late += due.filter(({ time }) => time < taken).length;
      taken = Math.max(taken, due.at(-1)?.time ?? taken);
      return due;
    },
    get late() {
      return late;
    },
  };
}
