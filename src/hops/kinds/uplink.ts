import { refusesToSend } from '../limits.js';
import { comesIn } from '../onward.js';
import { PASS, type HopKind } from '../types.js';

/** A real interface of the machine, a port of a segment: what is behind it is in no file. */
export const uplink: HopKind = {
  kind: 'uplink',
  doc: 'A real interface of this machine that is a port of a segment. What it is given to send leaves the lab there; what comes by it from outside is not predicted.',
  drops: ['what is longer than its MTU', 'everything, as far as the lab goes: it leaves the lab'],
  // That of 1 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 4,
  observable: () => true,
  forward(crossing, frame) {
    if (comesIn(crossing)) return PASS;
    return refusesToSend(crossing, frame) ?? PASS;
  },
};
