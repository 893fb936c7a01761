import { isGroup } from '../../src/frames/mac.js';
import { carrierBelow, isDown, refusesToSend } from '../../src/hops/limits.js';
import { drop } from '../../src/hops/outcome.js';
import { comesIn } from '../../src/hops/onward.js';
import { defineHop, PASS, type HopSettings } from '../../src/hops/types.js';

export interface SampleSettings extends HopSettings {
  /** Id of the hop below. */
  readonly lower: string;
}

/** What a sample does with frames: FILE OF THE KERNEL THAT SAYS SO. */
export const sample = defineHop<SampleSettings>({
  kind: 'sample',
  doc: 'A sample device: it sends all by its lower device, and takes what comes there for its own MAC or a group.',
  drops: ['unicast that comes in for another MAC', 'what a program sends on it beyond its MTU'],
  // 10 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  carrier: carrierBelow,
  // A capture on the device sees all that crosses it.
  observable: () => true,
  // What is for it alone, neither other devices on its lower device get, nor the stack there.
  claims: (hop, frame) => frame.dst === hop.settings.mac,
  forward(crossing, frame) {
    const { hop } = crossing;
    if (!comesIn(crossing)) return refusesToSend(crossing, frame) ?? PASS;
    if (isGroup(frame.dst) || frame.dst === hop.settings.mac) return isDown(hop) ?? PASS;
    return drop(
      `${hop.label} takes what is for ${hop.settings.mac ?? 'its MAC'} or for a group; this frame is for ${frame.dst}.`,
      `Send it to the MAC of ${hop.label}.`,
      'FILE OF THE KERNEL: FUNCTION',
    );
  },
});
