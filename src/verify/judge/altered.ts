import type { Altered } from '../capture/look.js';
import type { Cause } from '../../hops/types.js';

/** Frames that came to a hop with other tags than the model has them there: they are not the frames that were expected. */

/** What came to a hop instead; nothing where it was missed altogether. */
export const alteredAt = (all: readonly Altered[], leg: number, hop: number): Altered | undefined =>
  all.find((one) => one.leg === leg && one.hop === hop);

/** What is known of the cause by the frame alone. */
export const causeOf = ({ tags, expected }: Altered, before: string, at: string): Cause => ({
  reason: `It came to ${at} with ${tags}, where it should have ${expected}.`,
  remedy: `Look what between ${before} and ${at} sets or takes tags: the VLANs of a port, a flow, a filter of tc.`,
  source: 'IEEE 802.1Q-2018 6.9, 9.6',
});
