import { ETHER_TYPES, type Frame } from '../frames/frame.js';
import { mtuOf, tooLongToHandOver } from './limits.js';
import { chance } from './outcome.js';
import type { Forwarding, Hop } from './types.js';

const SOURCE = 'Linux net/bridge/br_netfilter_hooks.c: br_nf_dev_queue_xmit; br_forward.c';

/**
 * An IP packet without a tag that is longer than the MTU of the port by which it leaves. With br_netfilter in its
 * machine a bridge cuts it where it is IPv4 and may be cut, and drops it else, also where the room for a tag would be
 * enough; without, the room for a tag decides. Nothing where both come to the same.
 */
export function cutByNetfilter(frame: Frame, to: Hop): Forwarding | undefined {
  const { etherType, ipv4, vlans, payload = 0 } = frame;
  const isIp = etherType === ETHER_TYPES.ipv4 || etherType === ETHER_TYPES.ipv6;
  const mtu = mtuOf(to);
  if (!isIp || vlans.length > 0 || payload <= mtu) return undefined;
  const isWhole = ipv4?.dontFragment !== false;
  const fits = tooLongToHandOver(frame, to, SOURCE) === undefined;
  // Cut or whole it passes; or it is dropped either way.
  if (fits !== isWhole) return undefined;
  const what = `The packet has ${payload} octets, and ${to.label} has an MTU of ${mtu}`;
  return chance(
    // No file says whether the machine has it.
    undefined,
    {
      reason: isWhole
        ? `${what}: a bridge drops it where br_netfilter is loaded, and else passes it on, as there is room for a tag.`
        : `${what}: a bridge cuts it where br_netfilter is loaded, and else drops it.`,
      remedy: `Raise the MTU of ${to.label} to ${payload}, or send smaller packets.`,
      source: SOURCE,
    },
    isWhole ? frame : { ...frame, payload: mtu },
  );
}
