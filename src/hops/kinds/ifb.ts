import { refusesToSend } from '../limits.js';
import { PASS, type HopKind } from '../types.js';

/** An intermediate functional block: drivers/net/ifb.c. */
export const ifb: HopKind = {
  kind: 'ifb',
  doc: 'An ifb: what other devices have received goes by it, a capture on it sees that, and then it is with those devices as if it had never left. What its own stack sends on it ends there.',
  drops: ['what its own stack or a program sends on it: it came in by no device (ifb_xmit)'],
  // No speed is known of it: net/bridge/br_if.c, port_cost.
  pathCost: 100,
  observable: () => true,
  forward: (crossing, frame) => refusesToSend(crossing, frame) ?? PASS,
};
