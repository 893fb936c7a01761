import { reservedDrop } from './bridge-reserved.js';
import { tooLongToHandOver } from './limits.js';
import { drop, isGroup } from './rules.js';
import { PASS, type Forwarding, type FrameSpec, type Hop } from './types.js';

/** What goes from one macvlan or macvtap to another on the same lower device: drivers/net/macvlan.c. */

const CODE = 'Linux drivers/net/macvlan.c';

type Way = (lower: Hop, from: Hop, frame: FrameSpec) => Forwarding;

/** The neighbour at the other end of the lower device sends back what it was sent, if it is told to. */
const reflected: Way = (lower, from, frame) => {
  const { relay, relayMask } = lower.settings;
  if (relay !== true)
    return drop(
      `${from.label} is in mode ${from.settings.mode}: all that it sends leaves by ${lower.label}, also what is for a device on the same lower device, and nobody there sends it back.`,
      'Use `mode: bridge`, or `reflective_relay: true`: a neighbour that reflects (a bridge port with hairpin on).',
      `${CODE}: macvlan_queue_xmit hands over locally in mode bridge alone; IEEE 802.1Q-2018 clause 40 (reflective relay); ip-link(8) macvlan mode vepa`,
    );
  return reservedDrop(frame.dst, Number(relayMask ?? 0), false) ?? PASS;
};

/** What returns to a device in mode private or source is given back to its sender, when it goes to a group. */
const notGroups: Way = (lower, from, frame) => {
  const result = reflected(lower, from, frame);
  if (result.action !== 'pass' || !isGroup(frame.dst)) return result;
  return drop(
    `${from.label} is in mode ${from.settings.mode}: a frame of its own for a group that comes back is given to nobody else on the lower device.`,
    'Use `mode: vepa` with the reflective relay, or `mode: bridge`.',
    `${CODE}: macvlan_handle_frame, "forward to original port"`,
  );
};

/** By mode of the sender; the receiver's own filter comes after. */
const ways: Readonly<Record<string, Way>> = {
  bridge: (lower, _from, frame) =>
    tooLongToHandOver(frame, lower, `${CODE}: macvlan_queue_xmit, dev_forward_skb`) ?? PASS,
  vepa: reflected,
  private: notGroups,
  source: (lower, from, frame) => reflected(lower, from, frame),
};

/** What a lower device does with a frame between two devices on it. */
export const betweenSiblings: Way = (lower, from, frame) =>
  (ways[String(from.settings.mode)] ?? reflected)(lower, from, frame);
