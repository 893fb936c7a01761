import { refusesToSend } from '../limits.js';
import { PASS, type HopKind } from '../types.js';

/** A netlink monitor: drivers/net/nlmon.c. */
export const nlmon: HopKind = {
  kind: 'nlmon',
  doc: 'A netlink monitor: captures on it see what programs and the kernel say to each other by netlink. It is joined to nothing, and what it is given to send ends there.',
  drops: ['everything: no frame comes by it, and none leaves by it'],
  // LINKTYPE_NETLINK.
  linkType: 253,
  observable: () => true,
  forward: (crossing, frame) => refusesToSend(crossing, frame) ?? PASS,
};
