import type { Impairment } from '../topology/impairment.js';
import { comesIn, includes } from './onward.js';
import { chance } from './outcome.js';
import type { Cause, Crossing, Forwarding } from './types.js';
import type { World } from './world.js';

/** Impairments of devices, by the ids of their hops. */
export type Impairments = World['impairments'];

/** How likely a frame leaves a device as it is, by what the device does to frames: net/sched/sch_netem.c, netem_enqueue. */
export function intactShare({ loss = 0, duplicate = 0, corrupt = 0 }: Impairment): number {
  // One copy of two is lost at most.
  const lost = (loss / 100) * (1 - duplicate / 100);
  return (1 - lost) * (1 - corrupt / 100);
}

/**
 * What is done to a frame that a hop hands to another one: nothing where it does not leave the device by its queue, to the
 * other end of its wire or to the device below.
 */
export function impairmentAt(
  impairments: Impairments,
  { hop, place, from, to }: Crossing,
): Impairment | undefined {
  const impairment = impairments.size === 0 ? undefined : impairments.get(hop.id);
  if (!impairment || !to || comesIn({ place, from })) return undefined;
  return includes(place.peers, to) || includes(place.lowers, to) ? impairment : undefined;
}

/** What an impairment makes of a frame; nothing where the frame leaves for sure, at whatever time. */
export function impaired(impairments: Impairments, crossing: Crossing): Forwarding | undefined {
  const impairment = impairmentAt(impairments, crossing);
  if (!impairment) return undefined;
  const { loss, corrupt } = impairment;
  const share = intactShare(impairment);
  if (share === 1) return undefined;
  const { label } = crossing.hop;
  const fates = [
    ...(loss === undefined ? [] : [`${loss} % are thrown away`]),
    ...(corrupt === undefined ? [] : [`in ${corrupt} % a bit is turned over`]),
  ];
  const cause: Cause = {
    reason: `${label} is impaired: of the frames that it is to send ${fates.join(', and ')}, before a capture there sees them.`,
    remedy: `Take that out of \`impair\` of the link, or out of the lab that is up: \`patchlab impair ${label} --clear\`.`,
    source: 'tc-netem(8); Linux net/sched/sch_netem.c: netem_enqueue',
    isUnseen: true,
  };
  return share === 0 ? { action: 'drop', ...cause } : chance(share, cause);
}
