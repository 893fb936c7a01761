import type { Frame } from '../frames/frame.js';
import { isGroup } from '../frames/mac.js';
import { isDown, tooLongToHandOver } from './limits.js';
import type { MacvlanSettings } from './macvlan.js';
import { includes } from './onward.js';
import { drop } from './outcome.js';
import { PASS, type Forwarding, type Hop, type Place } from './types.js';

/** How a lower device hands frames to a macvlan or macvtap on it: drivers/net/macvlan.c. */

const CODE = 'Linux drivers/net/macvlan.c';

const isMacvlan = (hop: Hop | undefined): hop is Hop<MacvlanSettings> =>
  hop !== undefined && 'mode' in hop.settings;

/** What another one on it sends, and what comes back of what one of them has sent. */
export function fromLower(
  { hop, uppers }: Place,
  from: Hop,
  to: Hop<MacvlanSettings>,
  frame: Frame,
): Forwarding | undefined {
  if (isMacvlan(from) && includes(uppers, from))
    return isDown(hop) ?? betweenSiblings(hop, from, to, frame);
  const sender = uppers.find(({ settings }) => settings.mac === frame.src);
  return isMacvlan(sender) && isGroup(frame.dst) ? fromReflection(sender, to) : undefined;
}

/**
 * Only mode bridge hands over locally, to its like. All that devices in other modes send leaves by the lower device, and
 * reaches another device on it only if a neighbour there sends it back. (macvlan_queue_xmit)
 */
function betweenSiblings(
  lower: Hop,
  from: Hop<MacvlanSettings>,
  to: Hop<MacvlanSettings>,
  frame: Frame,
): Forwarding {
  const other = [from, to].find(({ settings }) => settings.mode !== 'bridge');
  if (!other)
    return tooLongToHandOver(frame, lower, `${CODE}: macvlan_queue_xmit, dev_forward_skb`) ?? PASS;
  const { mode } = other.settings;
  return drop(
    other === from
      ? `${from.label} is in mode ${mode}: all that it sends leaves by ${lower.label}, also what is for a device on the same lower device, and nobody there sends it back.`
      : `${to.label} is in mode ${mode}: what ${from.label} sends on the same lower device is handed over to devices in mode bridge alone, and leaves by ${lower.label}, where nobody sends it back.`,
    'Use `mode: bridge`, or `reflective_relay: true`: a neighbour that reflects (a bridge port with hairpin on).',
    `${CODE}: macvlan_queue_xmit hands over locally in mode bridge alone; IEEE 802.1Q-2018 clause 40 (reflective relay); ip-link(8) macvlan mode vepa`,
  );
}

/** By the mode of the sender, the modes of those that are given a frame for a group that comes back to the lower device. */
const REFLECTED: Readonly<Record<string, readonly string[]>> = {
  vepa: ['vepa', 'bridge'],
  // Devices in mode bridge had it from the sender.
  bridge: ['vepa'],
};

/** What comes back for a group: macvlan_handle_frame ("forward to original port"), macvlan_multicast_rx. */
function fromReflection(
  sender: Hop<MacvlanSettings>,
  to: Hop<MacvlanSettings>,
): Forwarding | undefined {
  const { mode } = sender.settings;
  const modes = REFLECTED[mode];
  const isSender = to.id === sender.id;
  if (modes ? !isSender && modes.includes(to.settings.mode) : isSender) return undefined;
  return drop(
    `${sender.label} is in mode ${mode}: a frame of its own for a group that comes back is given to ${modes ? `others in mode ${modes.join(' or ')}` : 'nobody else'} on the lower device.`,
    'Use `mode: vepa` with the reflective relay, or `mode: bridge`.',
    `${CODE}: macvlan_handle_frame, "forward to original port"; macvlan_multicast_rx`,
  );
}
