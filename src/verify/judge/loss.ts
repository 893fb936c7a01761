import type { Observation } from '../run/observation.js';

/** Where a leg was lost: indexes into its path. */
export interface LegLoss {
  readonly leg: number;
  /** -1 when not even the first hop saw it. */
  readonly lastSeen: number;
  readonly firstMissed: number;
}

/** What a leg's captures say of it: arrived, lost at a place, or unknown because nobody could look. */
function fateOf(
  seen: readonly (boolean | undefined)[],
): 'arrived' | 'unknown' | Omit<LegLoss, 'leg'> {
  const lastSeen = seen.lastIndexOf(true);
  if (lastSeen === seen.length - 1) return 'arrived';
  const firstMissed = seen.indexOf(false, lastSeen + 1);
  return firstMissed < 0 || seen.at(-1) === undefined ? 'unknown' : { lastSeen, firstMissed };
}

/**
 * The first leg that did not reach its end. Legs before one that did are behind us, whatever was seen of them (a
 * cached neighbour needs no ARP), and so are those of which nothing was seen while a later one was.
 */
export function findLoss(seen: Observation['seen']): LegLoss | 'arrived' | 'unknown' {
  const fates = seen.map(fateOf);
  if (fates.at(-1) === 'arrived') return 'arrived';
  const begin = fates.lastIndexOf('arrived') + 1;
  const later = (leg: number): boolean => seen.slice(leg + 1).some((hops) => hops.includes(true));
  for (let leg = begin; leg < fates.length; leg += 1) {
    const fate = fates[leg];
    if (fate === undefined || fate === 'arrived') continue;
    if (fate === 'unknown') return 'unknown';
    if (fate.lastSeen >= 0 || !later(leg)) return { leg, ...fate };
  }
  return 'unknown';
}
