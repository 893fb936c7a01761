/** Chance that can be repeated: the same seed gives the same numbers. */

/** Is there time for much more than every run can take? `./scripts/test --long` says so. A number is the seed. */
const { PATCHLAB_LONG } = process.env;
export const isLong = PATCHLAB_LONG !== undefined && PATCHLAB_LONG !== '';

/** The seed of a test: always the same, but fresh and printed where there is time for more. */
export function seedFor(test: string, fixed: number): number {
  if (!isLong) return fixed;
  const given = Number(PATCHLAB_LONG);
  const seed = given > 1 ? given : Date.now() % 2 ** 32;
  process.stdout.write(`${test}: seed ${seed} (PATCHLAB_LONG=${seed} repeats it)\n`);
  return seed;
}

/** How fast-check runs a property: some hundred inputs by fixed chance, or a hundred thousand where there is time. */
export const fuzzed = (test: string, few = 100): { seed: number; numRuns: number } => ({
  seed: seedFor(test, 20261128),
  numRuns: isLong ? 100_000 : few,
});

export interface Random {
  /** A whole number from 0 to below `n`. */
  readonly below: (n: number) => number;
  /** Does something happen that has this probability? */
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  /** The same in another order. */
  readonly shuffle: <T>(list: readonly T[]) => readonly T[];
  /** A unicast MAC that is locally administered. */
  readonly mac: () => string;
}

/** mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (probability) => next() < probability,
    pick(from) {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    shuffle: (list) =>
      list
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
    mac: () =>
      ['02', ...Array.from({ length: 5 }, () => below(256).toString(16).padStart(2, '0'))].join(
        ':',
      ),
  };
}
