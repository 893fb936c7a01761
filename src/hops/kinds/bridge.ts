import { drop, reservedNumber } from '../rules.js';
import { PASS, type HopKind } from '../types.js';

/**
 * A Linux bridge between two of its ports. Frames for the reserved group addresses go no further unless the
 * mask of the port that they enter lets them (net/bridge/br_input.c, br_handle_frame).
 */
export const bridge: HopKind = {
  kind: 'bridge',
  doc: 'A Linux bridge: learns and floods, but keeps the reserved group addresses 01:80:c2:00:00:0x to itself unless the mask of the ingress port lets them through.',
  // Its own device sees only what starts or ends at the bridge itself.
  observable: ({ from, to }) => from === undefined || to === undefined,
  forward({ hop, from, to }, frame) {
    const number = reservedNumber(frame.dst);
    if (number === undefined || from === undefined || to === undefined) return PASS;
    const mask = Number(hop.settings[`mask ${from.id}`] ?? 0);
    if ((mask & (1 << number)) !== 0) return PASS;
    const bit = `0x${(1 << number).toString(16)}`;
    return drop(
      `A bridge does not forward ${frame.dst}: the addresses 01:80:c2:00:00:00 to 0f are reserved for a single hop, and the group_fwd_mask of the port it enters (0x${mask.toString(16)}) leaves bit ${number} out.`,
      number === 1
        ? 'No bridge forwards PAUSE frames: use a veth, `ovs-panel` or `udp` link.'
        : `Set \`group_fwd_mask: ${bit}\` (or 0xfffd for all but PAUSE) on the bridge, or use a link without a bridge.`,
      'IEEE 802.1Q-2018 8.6.3 and table 8-1; Linux net/bridge/br_input.c: br_handle_frame; ip-link(8) bridge_slave group_fwd_mask',
    );
  },
};
