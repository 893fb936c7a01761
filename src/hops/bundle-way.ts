import { drop } from './outcome.js';
import { includes } from './onward.js';
import type { CarrierSource } from './carrier-source.js';
import type { Cause, Forwarding, Hop, HopSettings, Place } from './types.js';
import type { Bundles } from './world.js';

/** What devices do alike whose members stand in for each other: bonds and teams. */

/** What the model reads of any of them. */
export interface BundleSettings extends HopSettings {
  /** Ids of its members, in the order in which they joined. */
  readonly members: readonly string[];
}

/**
 * To whom it hands a frame: what goes out leaves by members; what comes in by one goes to the switch that it is a port of,
 * else up.
 * @param leavesBy - the ids of the members that the frame may leave by
 */
export function throughMembers<S extends BundleSettings>(
  { ports, uppers, masters }: Place<S>,
  from: Hop | undefined,
  leavesBy: () => readonly string[],
): readonly (Hop | undefined)[] {
  if (from && includes(ports, from)) return masters.length > 0 ? masters : [...uppers, undefined];
  const by = leavesBy();
  const out = ports.filter(({ id }) => by.includes(id));
  // Somebody has to be told that there is no member.
  return out.length > 0 ? out : ports.slice(0, 1);
}

/** Has it carrier? @param lost - why it has none, though its members may have one */
export function carrierOfMembers<S extends BundleSettings>(
  { hop, ports }: Place<S>,
  bundles: Bundles,
  lost: (used: readonly string[]) => Cause | undefined,
): CarrierSource {
  const used = bundles.get(hop.id);
  const without = used && lost(used);
  if (without) return { from: ports, needs: 'carrier', isLost: true, without };
  return { from: used ? ports.filter(({ id }) => used.includes(id)) : ports, needs: 'carrier' };
}

/** There is nobody to send by. */
export const nobodyAlive = (label: string, source: string): Forwarding =>
  drop(
    `${label} has no member that is alive: it has no carrier, and what it is given to send is thrown away.`,
    'Bring a member up, with what is at the other end of its cable.',
    source,
  );

/** Members as a person names them. The id of a hop is its stack and its device. */
export const namesOf = (members: readonly string[]): string =>
  members.map((id) => id.replace(' ', ':')).join(', ');
