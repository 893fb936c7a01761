import { reservedNumber } from '../frames/mac.js';
import { drop } from './outcome.js';
import type { Forwarding } from './types.js';

const SOURCE =
  'IEEE 802.1Q-2018 8.6.3 and table 8-1; Linux net/bridge/br_input.c: br_handle_frame; ip-link(8) bridge_slave group_fwd_mask';

const hex = (bits: number): string => `0x${bits.toString(16)}`;

/** What the address stands for: IEEE 802.1Q-2018, table 8-1. */
const PAUSE = 1;
const BRIDGE_GROUP = 0;

/**
 * What a bridge does with the addresses that are reserved for a single hop; nothing where it forwards the frame.
 * @param mask - of the ingress port, bit n for 01:80:c2:00:00:0n
 * @param bridgeMask - of the bridge as a whole, which counts beside it
 * @param stp - does the bridge run spanning tree? One that does not hands BPDUs on, so that loops are found
 */
export function reservedDrop(
  dst: string,
  { mask, bridgeMask, stp }: { mask: number; bridgeMask: number; stp: boolean },
): Forwarding | undefined {
  const number = reservedNumber(dst);
  if (number === undefined) return undefined;
  if (number === PAUSE)
    return drop(
      'No bridge forwards PAUSE frames (01:80:c2:00:00:01), whatever its masks say.',
      'Use a veth, `ovs-panel` or `udp` link.',
      `${SOURCE}; IEEE 802.3 annex 31B`,
    );
  if (((mask | bridgeMask) & (1 << number)) !== 0) return undefined;
  const wider = hex(mask | (1 << number));
  if (number === BRIDGE_GROUP) {
    if (!stp) return undefined;
    return drop(
      'The bridge runs spanning tree and takes BPDUs (01:80:c2:00:00:00) for itself.',
      `Set \`stp: false\`, or \`group_fwd_mask: ${wider}\` (per port; bridge-wide the kernel refuses that bit).`,
      SOURCE,
    );
  }
  return drop(
    `A bridge does not forward ${dst}: the addresses 01:80:c2:00:00:00 to 0f are reserved for a single hop, and neither the group_fwd_mask of the port it enters nor that of the bridge (together ${hex(mask | bridgeMask)}) has bit ${number}.`,
    `Set \`group_fwd_mask: ${wider}\` on the port (or 0xfffd for all but PAUSE), or use a link without a bridge.`,
    SOURCE,
  );
}
