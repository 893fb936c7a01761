import { hearingOn, type Loss } from './hearing.js';
import type { FrameClass, Hop, HopFragment } from './types.js';
import { waysOver } from './ways.js';

/** A class that a link does not carry from one of its ports to another. */
export interface LinkLoss extends Loss {
  /** Label of the port that sends. */
  readonly from: string;
  readonly to: string;
}

/** A port that listens to everything, as a port of a bridge does: what it then misses is not its own doing. */
const listening = (port: Hop): Hop => ({ ...port, settings: { ...port.settings, promisc: true } });

/**
 * What a link does not carry, or not for sure, both ways of each of its cables. Pure.
 * @param ports - hops of its ends
 * @param cables - pairs of indexes into the ports
 */
export function notCarried(
  link: HopFragment,
  ports: readonly Hop[],
  cables: readonly (readonly [number, number])[],
  classes: readonly FrameClass[],
): readonly LinkLoss[] {
  const way = waysOver(link, ports.map(listening));
  return cables.flatMap(([a, b]) => {
    const path = way(a, b);
    if (!path) throw new RangeError(`no way leads from ${ports[a]?.id} to ${ports[b]?.id}`);
    return [path, path.toReversed()].flatMap((leg) => {
      const [from, to] = [leg.at(0)?.label ?? '', leg.at(-1)?.label ?? ''];
      return hearingOn(leg, classes).lost.map((loss) => ({ ...loss, from, to }));
    });
  });
}
