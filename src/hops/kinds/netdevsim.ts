import type { HopKind } from '../types.js';
import { dummy } from './dummy.js';

/** A simulated device: drivers/net/netdevsim/netdev.c, nsim_start_xmit. */
export const netdevsim: HopKind = {
  ...dummy,
  kind: 'netdevsim',
  doc: 'A simulated device: a capture on it sees what it is given to send, and there it ends. Nothing comes by it.',
};
