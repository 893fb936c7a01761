import { carrierBelow, isDown, refusesToSend } from '../limits.js';
import { isOfPeer, opened, sealed, untold, type MacsecSettings } from '../macsec.js';
import { comesIn } from '../onward.js';
import { defineHop, PASS } from '../types.js';

/** A MACsec device: drivers/net/macsec.c. */
export const macsec = defineHop<MacsecSettings>({
  kind: 'macsec',
  doc: 'A MACsec device: what it is given to send leaves by its lower device as a frame of EtherType 0x88e5, whose ends can be read and whose content holds, or is encrypted as well. What comes there in a channel that it knows is for it alone, opened. What has no SecTAG is for the stack of the lower device, and for it as well unless it is strict.',
  drops: [
    'with `validate: strict` what comes without a SecTAG',
    'what comes in a channel or with a key that it does not know, or does not hold: always with `validate: strict`, else where it is encrypted',
    'with `replay` what comes late by more than `window`',
    'everything that it is to send while it has no key for that',
    'what a program sends beyond its MTU, and what is too long for the lower device once it is sealed: a tag on top of a full MTU',
  ],
  // No speed is known of it: net/bridge/br_if.c, port_cost.
  pathCost: 100,
  carrier: carrierBelow,
  observable: () => true,
  claims: (hop, frame) => isOfPeer(hop, frame),
  takes(hop, from, frame) {
    if (from.id !== hop.settings.lower) return undefined;
    return isDown(hop) ?? (frame.sealed ? opened(hop, frame.sealed) : untold(hop));
  },
  forward(crossing, frame) {
    const { hop, place } = crossing;
    const refused = refusesToSend(crossing, frame);
    if (refused || comesIn(crossing)) return refused ?? PASS;
    return sealed(hop, place.lowers[0], frame);
  },
});
