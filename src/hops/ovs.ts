import { mtuOf, tooLongToHandOver } from './limits.js';
import { drop } from './outcome.js';
import type { Frame } from '../frames/frame.js';
import type { Forwarding, Hop } from './types.js';

/** Open vSwitch: rules that do not depend on its flows. */

/**
 * What ports of Open vSwitch cannot take in or give out: it reads no more than an MTU, a header and a tag, and sends
 * nothing beyond the MTU. Nothing when the frame fits.
 */
export function ovsLimits(
  from: Hop | undefined,
  to: Hop | undefined,
  frame: Frame,
): Forwarding | undefined {
  const entering =
    from &&
    tooLongToHandOver(
      frame,
      from,
      'Open vSwitch lib/netdev-linux.c: netdev_linux_batch_rxq_recv_sock drops what is truncated',
    );
  if (entering) return entering;
  const payload = frame.payload ?? 0;
  if (!to || payload <= mtuOf(to)) return undefined;
  return drop(
    `The packet has ${payload} octets, and ${to.label} sends none beyond its MTU of ${mtuOf(to)}.`,
    `Raise the MTU of ${to.label} to ${payload}.`,
    'Open vSwitch lib/netdev-linux.c: netdev_linux_send (EMSGSIZE); with the datapath of the kernel net/openvswitch/vport.c: ovs_vport_send',
  );
}
