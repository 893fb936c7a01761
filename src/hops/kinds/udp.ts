import { through } from '../onward.js';
import { PASS, type HopKind } from '../types.js';

/** A QEMU datagram cable: net/socket.c of QEMU, one UDP datagram a frame. */
export const udp: HopKind = {
  kind: 'udp',
  doc: 'A QEMU datagram cable; there is no device on the host that could be captured, or that could drop anything.',
  drops: [],
  next: through,
  observable: () => false,
  forward: () => PASS,
};
