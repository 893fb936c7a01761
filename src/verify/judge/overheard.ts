import type { Hop } from '../../hops/types.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Observation } from '../run/observation.js';
import type { Verdict } from './verdict.js';

/** What others heard of a check that is for nobody else: `nowhere_else`. */

/** Which ends hear it, as the model has it and as it was. */
export type Overheard = NonNullable<Verdict['overheard']>;

const labels = (hops: readonly Hop[]): readonly string[] => [
  ...new Set(hops.map(({ label }) => label)),
];

/** The ends that hear it beside the one that it is for, and a sentence where one does; nothing where that does not matter. */
export function overheard(
  { probe, bystanders, overhearing }: PreparedCheck,
  { elsewhere }: Observation,
): { readonly ends: Overheard; readonly complaint: string | undefined } | undefined {
  if (!probe.check.nowhere_else) return undefined;
  const ids = new Set(bystanders.map(({ id }) => id));
  const heard = elsewhere.filter(({ leg, hop }) => ids.has(hop.id) && leg.isQuestion !== true);
  const by = labels(heard.map(({ hop }) => hop));
  const what = [...new Set(heard.map(({ leg }) => leg.name))];
  return {
    ends: { predicted: labels(overhearing), by },
    complaint:
      by.length === 0
        ? undefined
        : `The ${what.join(' and the ')} must be heard nowhere else, and came to ${by.join(', ')} as well.`,
  };
}
