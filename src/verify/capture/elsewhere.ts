import { groupBy } from '../../group-by.js';
import type { SeenFrame } from '../../frames/frame.js';
import type { Hop } from '../../hops/types.js';
import type { Leg } from '../../probes/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';

/** Frames that were seen where their way does not lead. */

/** A frame of a check, at a hop that is not on its way. */
export interface Elsewhere {
  readonly leg: Leg;
  readonly hop: Hop;
  readonly frame: SeenFrame;
}

/** What the capture on a hop has seen. */
export interface HopSights {
  readonly hop: Hop;
  readonly decoded: readonly SeenFrame[];
}

/**
 * What was seen of each check's frames beside their ways, each frame once at a hop with the same tags. Frames are looked up
 * by the MAC that they come from: a check is not held against what others sent.
 */
export function seenElsewhere(
  checks: readonly PreparedCheck[],
  sights: readonly HopSights[],
): readonly (readonly Elsewhere[])[] {
  const bySource = new Map<string, HopSights[]>();
  for (const { hop, decoded } of sights)
    for (const [source, own] of groupBy(decoded, ({ src }) => src)) {
      const known = bySource.get(source) ?? [];
      bySource.set(source, known);
      known.push({ hop, decoded: own });
    }
  return checks.map(({ probe }) => {
    const all = probe.courses.flat();
    const ways = groupBy(all, ({ name }) => name);
    const speakers = groupBy(all, ({ name, from }) => `${name} ${from.id}`);
    return [...speakers.values()].flatMap(([leg]) => {
      if (!leg) return [];
      const same = ways.get(leg.name) ?? [];
      const way = new Set(same.flatMap(({ path }) => path).map(({ id }) => id));
      return (bySource.get(leg.frame.src) ?? []).flatMap(({ hop, decoded }) => {
        if (way.has(hop.id)) return [];
        const own = decoded.filter((frame) => leg.matches(frame));
        const byTags = groupBy(own, ({ vlans }) => vlans.map(({ id }) => id).join(' '));
        return [...byTags.values()].flatMap(([frame]) => (frame ? [{ leg, hop, frame }] : []));
      });
    });
  });
}
