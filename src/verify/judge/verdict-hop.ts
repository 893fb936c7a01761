import type { Hop } from '../../hops/types.js';
import { hostNameOf } from '../../where.js';
import type { VerdictHop } from './verdict.js';

/** A hop as a verdict shows it; what was not looked at is `null`. */
export const verdictHop = (
  { where, stack, device, kind, label }: Hop,
  {
    seen,
    altered,
  }: { readonly seen?: boolean | undefined; readonly altered?: string | undefined } = {},
): VerdictHop => ({
  ...{ host: hostNameOf(where), stack, device, kind, label },
  ...{ seen: seen ?? null, altered: altered ?? null },
});
