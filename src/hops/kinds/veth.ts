import type { Frame } from '../../frames/frame.js';
import { hasNoCarrier, isDown, tooLongToHandOver, tooLongToSend, untagged } from '../limits.js';
import { isMacvlan } from '../macvlan.js';
import { betweenSiblings, fromReflection } from '../macvlan-siblings.js';
import { PASS, type Forwarding, type Hop, type HopKind, type Place } from '../types.js';

const isPeer = (kind: string | undefined): boolean => kind === 'veth';

/** What a device on this one has sent comes back from the wire. */
function fromReflectionTo({ uppers }: Place, to: Hop, frame: Frame): Forwarding | undefined {
  const sender = uppers.find(({ settings }) => settings.mac === frame.src);
  return isMacvlan(sender) ? fromReflection(sender, to, frame) : undefined;
}

/** One end of a veth pair: drivers/net/veth.c. A veth next to it on a path is its peer. */
export const veth: HopKind = {
  kind: 'veth',
  doc: 'One end of a veth pair; the other end receives what it sends. Two devices of macvlan type on one end reach each other by the rules of their mode.',
  drops: [
    'everything while it is down; while its peer is, what it is to send (no carrier)',
    'what a program sends on it beyond its MTU',
    'what comes from its peer and is longer than its own MTU, the header and one tag: an untagged frame may be four octets too long',
    'what a macvlan or macvtap on it in mode vepa, private or source sends to another one, unless the neighbour reflects it (hairpin)',
  ],
  // 10 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  losesCarrier: ({ peers }) => peers.some(({ settings }) => settings.down === true),
  observable: ({ hop }) => hop.settings.down !== true,
  forward({ hop, place, from, to }, frame) {
    if (isMacvlan(from) && isMacvlan(to)) return isDown(hop) ?? betweenSiblings(hop, from, frame);
    const received = isPeer(from?.kind);
    return (
      isDown(hop) ??
      (to && isPeer(to.kind) ? hasNoCarrier(hop, to) : undefined) ??
      (from ? undefined : tooLongToSend(frame, hop)) ??
      (received && to ? fromReflectionTo(place, to, frame) : undefined) ??
      (received
        ? tooLongToHandOver(
            frame,
            hop,
            'Linux drivers/net/veth.c: veth_xmit, veth_forward_skb; net/core/dev.c: __dev_forward_skb',
          )
        : undefined) ??
      (received ? { action: 'pass', frame: untagged(frame) } : PASS)
    );
  },
};
