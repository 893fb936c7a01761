import { refusesToSend } from '../limits.js';
import { PASS, type HopKind } from '../types.js';

/** A device without a wire: drivers/net/dummy.c. */
export const dummy: HopKind = {
  kind: 'dummy',
  doc: 'A dummy device: a capture on it sees what it is given to send, and there it ends. Nothing comes by it.',
  drops: ['everything, but what devices on it hand to each other'],
  // No speed is known of it: net/bridge/br_if.c, port_cost.
  pathCost: 100,
  observable: () => true,
  forward: (crossing, frame) => refusesToSend(crossing, frame) ?? PASS,
};
