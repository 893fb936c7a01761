import type { Model } from './emit.js';
import { pathBetween } from './graph.js';
import { hearingOn, type ClassLoss } from './hearing.js';
import type { FrameClass } from '../frames/classes.js';
import type { Hop, HopFragment } from './types.js';
import { linkGraph } from './ways.js';
import { NEW_WORLD } from './world.js';

/** A class that a link does not carry from one of its ports to another. */
export interface LinkLoss extends ClassLoss {
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
  const graph = linkGraph(link, ports.map(listening));
  const model: Model = { graph, world: NEW_WORLD };
  return cables.flatMap(([a, b]) => {
    const path = pathBetween(graph, ports[a]?.id ?? '', ports[b]?.id ?? '');
    if (!path) throw new RangeError(`no way leads from ${ports[a]?.id} to ${ports[b]?.id}`);
    return [path, path.toReversed()].flatMap((leg) => {
      const [from, to] = [leg.at(0)?.label ?? '', leg.at(-1)?.label ?? ''];
      return hearingOn(model, leg, classes).lost.map((loss) => ({ ...loss, from, to }));
    });
  });
}
