import type { Frame } from '../frames/frame.js';
import { bridgeSights } from './bridge-sights.js';
import type { Filtering } from './filtering.js';
import { comesIn } from './onward.js';
import { deviceSight, type Sight } from './sight.js';
import type { Crossing, HopKind } from './types.js';

/**
 * Where packet filters see a frame that crosses a device. A capture sees what comes in before any filter does, and what
 * goes out after all of them (net/core/dev.c: __netif_receive_skb_core, __dev_queue_xmit): where the way ends, the filters
 * at the device belong to what its stack makes of the frame.
 */
export function deviceSights(
  crossing: Crossing,
  frame: Frame,
  { isKernelBridge }: Pick<HopKind, 'isKernelBridge'>,
  filtering: Filtering,
): readonly Sight[] {
  const { hop, from, to } = crossing;
  if (hop.settings.noDevice === true) return [];
  if (isKernelBridge === true)
    return [
      ...(from ? [] : [deviceSight(hop, hop, 'egress', frame)]),
      ...bridgeSights(crossing, frame, filtering),
    ];
  if (!comesIn(crossing)) return [deviceSight(hop, hop, 'egress', frame)];
  return to ? [deviceSight(hop, hop, 'ingress', frame)] : [];
}
