import { hasNoCarrier, isDown, tooLongToHandOver, tooLongToSend, untagged } from '../limits.js';
import { PASS, type HopKind } from '../types.js';

const isPeer = (kind: string | undefined): boolean => kind === 'veth';

/** One end of a veth pair: drivers/net/veth.c. A veth next to it on a path is its peer. */
export const veth: HopKind = {
  kind: 'veth',
  doc: 'One end of a veth pair; the other end receives what it sends.',
  drops: [
    'everything while it is down; while its peer is, what it is to send (no carrier)',
    'what a program sends on it beyond its MTU',
    'what comes from its peer and is longer than its own MTU, the header and one tag: an untagged frame may be four octets too long',
  ],
  // 10 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  carrier: ({ peers }) => ({ from: peers, needs: 'up' }),
  observable: ({ hop }) => hop.settings.down !== true,
  forward({ hop, from, to }, frame) {
    const received = isPeer(from?.kind);
    return (
      isDown(hop) ??
      (to && isPeer(to.kind) ? hasNoCarrier(hop, to) : undefined) ??
      (from ? undefined : tooLongToSend(frame, hop)) ??
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
