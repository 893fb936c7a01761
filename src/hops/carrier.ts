import type { HopGraph } from './graph.js';
import { rulesOf } from './kinds/index.js';
import { isDown } from './limits.js';
import { PASSES, type Prediction } from './prediction.js';
import type { CarrierNeed } from './carrier-source.js';
import type { Cause, Hop } from './types.js';
import type { Bundles } from './world.js';

/** Where the carrier of a device comes from, and whether it comes there. */

export interface Carrier {
  /** The devices that it hangs on one after the other, the one that is asked about last. */
  readonly path: readonly Hop[];
  /** What each of them must be. */
  readonly needs: readonly CarrierNeed[];
  readonly prediction: Prediction;
}

const lost = ({ reason, remedy, source }: Cause, at: number): Prediction => ({
  ...{ outcome: 'drop', at, reason, remedy, source },
});

/** A device of which it matters only whether it is up. */
function asPeer(hop: Hop): Carrier {
  const down = isDown(hop);
  return { path: [hop], needs: ['up'], prediction: down ? lost(down, 0) : PASSES };
}

/**
 * The carrier of a device, as the topology has it: the first way by which it comes, else the first by which it does not. Pure.
 * @param bundles - the members that bonds use; empty where that is not known yet
 */
export function carrierOf(graph: HopGraph, id: string, bundles: Bundles): Carrier {
  const place = graph.place(id);
  const { hop } = place;
  const source = rulesOf(hop.kind).carrier?.(place, bundles);
  const behind = (source?.from ?? []).map((other) =>
    source?.needs === 'up' ? asPeer(other) : carrierOf(graph, other.id, bundles),
  );
  const best = behind.find(({ prediction }) => prediction.outcome === 'pass') ?? behind[0];
  const path = [...(best?.path ?? []), hop];
  const down = isDown(hop);
  const own = down ?? (source?.isLost === true || !best ? source?.without : undefined);
  const prediction =
    best && best.prediction.outcome !== 'pass'
      ? best.prediction
      : own
        ? lost(own, path.length - 1)
        : PASSES;
  return { path, needs: [...(best?.needs ?? []), 'carrier'], prediction };
}

/** Has a device carrier, as the topology has it? */
export const hasCarrier = (graph: HopGraph, id: string, bundles: Bundles): boolean =>
  carrierOf(graph, id, bundles).prediction.outcome === 'pass';
