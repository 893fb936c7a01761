import { mtuOf, tooLongToHandOver } from './limits.js';
import { drop } from './outcome.js';
import type { Frame } from '../frames/frame.js';
import type { Forwarding, Hop } from './types.js';

/** Octets of a tag; the first is not counted. */
const TAG = 4;

/** Open vSwitch: rules that do not depend on its flows. */

/**
 * What ports of Open vSwitch cannot take in or give out: it reads no more than an MTU, a header and a tag, and sends
 * nothing beyond the MTU. Nothing when the frame fits.
 * @param from - the port that it has entered by; left out where the datapath is that of the kernel, which reads it whole
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
  const inner = TAG * Math.max(0, frame.vlans.length - 1);
  const payload = (frame.payload ?? 0) + inner;
  if (!to || payload <= mtuOf(to)) return undefined;
  return drop(
    `The packet has ${payload} octets${inner > 0 ? ' with the tags behind the first' : ''}, and ${to.label} sends none beyond its MTU of ${mtuOf(to)}.`,
    `Raise the MTU of ${to.label} to ${payload}.`,
    'Open vSwitch lib/netdev-linux.c: netdev_linux_send (EMSGSIZE); with the datapath of the kernel net/openvswitch/vport.c: ovs_vport_send',
  );
}
