import { isClosed } from '../../hops/closed.js';
import type { Leg } from '../../probes/define.js';
import type { Observation } from '../run/observation.js';

/** Where a leg was lost: indexes into its path. */
export interface LegLoss {
  readonly leg: number;
  /** -1 when not even the first hop saw it. */
  readonly lastSeen: number;
  readonly firstMissed: number;
}

/**
 * What a leg's captures say of it: arrived, lost at a place, or unknown because nobody could look.
 * @param isInto - nobody can look at its end, which it has no other way to
 */
function fateOf(
  seen: readonly (boolean | undefined)[],
  isInto = false,
): 'arrived' | 'unknown' | Omit<LegLoss, 'leg'> {
  const lastSeen = seen.lastIndexOf(true);
  if (lastSeen === seen.length - 1) return 'arrived';
  const firstMissed = seen.indexOf(false, lastSeen + 1);
  const isOpen = seen.at(-1) === undefined && !isInto;
  return firstMissed < 0 || isOpen ? 'unknown' : { lastSeen, firstMissed };
}

/** Does a frame only ask for a MAC, or say one? */
const isResolution = ({ frame: { arp, icmp6 } }: Pick<Leg, 'frame'>): boolean =>
  arp !== undefined ||
  icmp6?.kind === 'neighbor-solicitation' ||
  icmp6?.kind === 'neighbor-advertisement';

/**
 * The leg from which on the loss is to be looked for. Legs before one that reached its end are behind us, whatever was
 * seen of them: a cached neighbour needs no ARP. But a stack asks for MACs at other times too (it says that a host is
 * unreachable, it looks whether a neighbour is still there), so such a frame only tells of those asked just before it.
 */
function firstOpen(hasArrived: readonly boolean[], isMain: readonly boolean[]): number {
  let begin = hasArrived.findLastIndex((arrived, leg) => arrived && isMain[leg] === true) + 1;
  for (let leg = begin; leg < hasArrived.length && isMain[leg] !== true; leg += 1)
    if (hasArrived[leg] === true) begin = leg + 1;
  return begin;
}

/**
 * The first leg that did not reach its end, but for those of which nothing was seen while a later one was.
 * @param legs - the frames that they carry
 */
export function findLoss(
  seen: Observation['seen'],
  legs: readonly (Pick<Leg, 'frame' | 'isAlwaysSent'> & Partial<Pick<Leg, 'to'>>)[],
): LegLoss | 'arrived' | 'unknown' {
  const fates = seen.map((hops, leg) => {
    const to = legs[leg]?.to;
    return fateOf(hops, to !== undefined && isClosed(to));
  });
  if (fates.at(-1) === 'arrived') return 'arrived';
  const asks = legs.map(isResolution);
  const isMain = asks.map((one) => !one || !asks.includes(false));
  const begin = firstOpen(
    fates.map((fate) => fate === 'arrived'),
    isMain,
  );
  const later = (leg: number): boolean => {
    const main = isMain.indexOf(true, leg);
    const together = main < 0 ? legs.length : main;
    return seen
      .slice(leg + 1)
      .some(
        (hops, at) => hops.includes(true) && (leg + 1 + at <= together || isMain[leg + 1 + at]),
      );
  };
  for (let leg = begin; leg < fates.length; leg += 1) {
    const fate = fates[leg];
    if (fate === undefined || fate === 'arrived') continue;
    if (fate === 'unknown') return 'unknown';
    if (fate.lastSeen >= 0 || legs[leg]?.isAlwaysSent || !later(leg)) return { leg, ...fate };
  }
  return 'unknown';
}
