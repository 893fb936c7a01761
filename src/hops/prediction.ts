import type { Cause } from './types.js';

/** What the model says of one frame on one path. `at` is an index into the path. */
export type Prediction =
  | { readonly outcome: 'pass' }
  | ({ readonly outcome: 'drop'; readonly at: number } & Cause)
  | ({
      /** It passes the hop `at` or not by chance: nothing that a topology says decides it. */
      readonly outcome: 'random';
      readonly at: number;
      /** How likely it passes that hop, 0 to 1; nothing where nobody knows. */
      readonly probability: number | undefined;
      /** What becomes of it if it does. */
      readonly rest: Prediction;
    } & Cause);

/** The cause alone, of whatever has one. */
export const causeOf = ({ reason, remedy, source, isUnseen }: Cause): Cause => ({
  ...{ reason, remedy, source },
  ...(isUnseen && { isUnseen }),
});

export const PASSES: Prediction = { outcome: 'pass' };

/** It passes a hop or not by chance; what becomes of it if it does. */
export const byChance = (
  { probability, ...cause }: Cause & { readonly probability: number | undefined },
  at: number,
  rest: Prediction,
): Prediction => ({ outcome: 'random', at, ...causeOf(cause), probability, rest });
