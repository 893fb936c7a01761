import type { Frame } from '../frames/frame.js';
import { isGroup } from '../frames/mac.js';
import { tooLongToHandOver } from './limits.js';
import type { MacvlanSettings } from './macvlan.js';
import { drop } from './outcome.js';
import { PASS, type Forwarding, type Hop } from './types.js';

/** What a lower device hands from one macvlan or macvtap straight to another on it: drivers/net/macvlan.c, macvlan_queue_xmit. */

const CODE = 'Linux drivers/net/macvlan.c';

/**
 * Only mode bridge hands over locally. All that devices in other modes send leaves by the lower device, and reaches
 * another device on it only if a neighbour there sends it back.
 */
export function betweenSiblings(lower: Hop, from: Hop<MacvlanSettings>, frame: Frame): Forwarding {
  const { mode } = from.settings;
  if (mode === 'bridge')
    return tooLongToHandOver(frame, lower, `${CODE}: macvlan_queue_xmit, dev_forward_skb`) ?? PASS;
  return drop(
    `${from.label} is in mode ${mode}: all that it sends leaves by ${lower.label}, also what is for a device on the same lower device, and nobody there sends it back.`,
    'Use `mode: bridge`, or `reflective_relay: true`: a neighbour that reflects (a bridge port with hairpin on).',
    `${CODE}: macvlan_queue_xmit hands over locally in mode bridge alone; IEEE 802.1Q-2018 clause 40 (reflective relay); ip-link(8) macvlan mode vepa`,
  );
}

/** What comes back to a device in mode private or source is given to its sender alone, when it goes to a group. */
export function fromReflection(
  sender: Hop<MacvlanSettings>,
  to: Hop,
  frame: Frame,
): Forwarding | undefined {
  const { mode } = sender.settings;
  if (!isGroup(frame.dst) || (mode !== 'private' && mode !== 'source') || to.id === sender.id)
    return undefined;
  return drop(
    `${sender.label} is in mode ${mode}: a frame of its own for a group that comes back is given to nobody else on the lower device.`,
    'Use `mode: vepa` with the reflective relay, or `mode: bridge`.',
    `${CODE}: macvlan_handle_frame, "forward to original port"`,
  );
}
