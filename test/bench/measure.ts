import type { Ratio, Row, Target } from './section.js';

/** The middle value; of an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return (low + high) / 2;
}

/** Milliseconds that something takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await action();
  return performance.now() - begin;
}

/** Values by name, one for each repetition. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Repeat what gives named values, one after the other. Let everything that is compared happen in each
 * repetition: then what else goes on on the machine hits all of them alike.
 */
export async function repeated(
  count: number,
  once: (repetition: number) => Promise<Readonly<Record<string, number>>>,
): Promise<Samples> {
  const samples = new Map<string, number[]>();
  for (let repetition = 0; repetition < count; repetition++) {
    for (const [name, value] of Object.entries(await once(repetition)))
      samples.set(name, [...(samples.get(name) ?? []), value]);
  }
  return samples;
}

/** The median of the ratios of each repetition: steadier than the ratio of the medians where load comes and goes. */
const ratioOf = (of: readonly number[], to: readonly number[]): number =>
  median(of.flatMap((value, index) => (to[index] === undefined ? [] : [value / to[index]])));

/** What a row is compared with. `inverse`: how many times faster than that, rather than how much of its time. */
export interface Comparison {
  readonly with: string;
  /** How the table calls it. */
  readonly title?: string;
  readonly inverse?: boolean;
  readonly target?: Target;
}

/** A row from samples by name; a comparison with what was not measured is left out. */
export function rowOf(
  samples: Samples,
  name: string,
  unit: string,
  title: string,
  comparisons: readonly Comparison[] = [],
): Row {
  const own = samples.get(name) ?? [];
  const ratios = comparisons.flatMap(
    ({ with: other, title: called = other, inverse, target }): Ratio[] => {
      const theirs = samples.get(other);
      if (!theirs) return [];
      const value = inverse ? ratioOf(theirs, own) : ratioOf(own, theirs);
      const to = inverse ? `faster than ${called}` : `of ${called}`;
      return [{ to, value, ...(target && { target }) }];
    },
  );
  return { what: title, unit, samples: own, ratios };
}
