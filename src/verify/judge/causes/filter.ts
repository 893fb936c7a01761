import { droppedAt, reasonOf, sourceOf } from '../../../hops/filtering.js';
import type { Sight } from '../../../hops/sight.js';
import type { RulePlace } from '../../../nft/evaluate.js';
import { filteringAt, sightsOf } from '../filters/sights.js';
import { takenByTc } from '../filters/tc.js';
import type { CauseKind, Explanation } from './define.js';

/** A rule, its table and chain, and what to do about it. */
function describe(sight: Sight, place: RulePlace): Explanation {
  const { hop, because } = sight;
  const { chain, rule } = place;
  const { family, table, name } = chain;
  const open =
    rule === undefined
      ? `Accept it there (\`nft add rule ${family} ${table} ${name} ... accept\`), or let the chain accept what no rule drops.`
      : `Remove the rule: \`nft delete rule ${family} ${table} ${name} handle ${rule.handle}\`.`;
  return {
    at: hop,
    reason: reasonOf(place, sight),
    remedy: [open, because?.remedy].filter((text) => text !== undefined).join(' '),
    source: sourceOf(sight),
  };
}

/** A packet filter on the way or at its ends. */
export const filter: CauseKind = {
  name: 'filter',
  doc: 'A packet filter (nftables, tc) that is not in the file drops the frame: a rule that matches it, where the frame passes. What is not understood of a rule never counts.',
  find(scene) {
    for (const sight of sightsOf(scene)) {
      const filtering = filteringAt(scene, sight.hop);
      const dropped = filtering && droppedAt(filtering, sight);
      if (dropped) return describe(sight, dropped);
      const filters = scene.stackOf(sight.hop)?.filters;
      const taken = filters && takenByTc(filters, sight);
      if (taken) return { at: sight.hop, ...taken };
    }
    return undefined;
  },
};
