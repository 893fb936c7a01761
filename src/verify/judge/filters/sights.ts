import { rulesOf } from '../../../hops/kinds/index.js';
import { includes } from '../../../hops/onward.js';
import type { Hop } from '../../../hops/types.js';
import type { LostFrame } from '../causes/define.js';
import { bridgeSights } from './bridge-sights.js';
import { deviceSight, type Sight } from './sight.js';
import { stackSights } from './stack-sights.js';

/** Does a frame come into a device from outside, by a wire or from the device below? */
function comesIn({ model }: LostFrame, hop: Hop, from: Hop | undefined): boolean {
  if (!from || !model.graph.hops.has(hop.id)) return false;
  const { peers, lowers } = model.graph.place(hop.id);
  return includes(peers, from) || includes(lowers, from);
}

/**
 * The places between the last hop that saw the frame and the first that missed it. A capture sees what comes in before any
 * filter does, and what goes out after all of them (net/core/dev.c: __netif_receive_skb_core, __dev_queue_xmit).
 */
function onTheWay(scene: LostFrame): readonly Sight[] {
  const { leg, lastSeen, firstMissed } = scene;
  return leg.path.flatMap((hop, index): readonly Sight[] => {
    const frame = leg.frames[index] ?? leg.frame;
    const from = leg.path[index - 1];
    if (index < lastSeen || index > firstMissed || hop.settings.noDevice === true) return [];
    if (rulesOf(hop.kind).isKernelBridge === true)
      return bridgeSights(scene, { hop, from, to: leg.path[index + 1], frame });
    const isIn = comesIn(scene, hop, from);
    if (isIn && index < firstMissed) return [deviceSight(hop, hop, 'ingress', frame)];
    return !isIn && index > lastSeen ? [deviceSight(hop, hop, 'egress', frame)] : [];
  });
}

/** All places at which a filter may have dropped the frame, in the order in which it comes to them. */
export const sightsOf = (scene: LostFrame): readonly Sight[] => [
  ...(scene.lastSeen < 0 ? stackSights(scene) : []),
  ...onTheWay(scene),
];
