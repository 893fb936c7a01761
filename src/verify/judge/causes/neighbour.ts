import { isGroup } from '../../../frames/mac.js';
import type { Frame } from '../../../frames/frame.js';
import type { Hop } from '../../../hops/types.js';
import type { Leg } from '../../../probes/define.js';
import type { CauseKind, Explanation, LostFrame } from './define.js';

/** The address by whose entry a stack finds the MAC for a packet: the receiver's, or that of a gateway, where it has only one. */
function askedFor(
  { ipv4, ipv6 }: Frame,
  next: Hop,
  { addressesOf }: LostFrame,
): string | undefined {
  const { dst } = ipv4 ?? ipv6 ?? {};
  if (dst === undefined) return undefined;
  const own = addressesOf(next).filter((address) => address.includes(':') === dst.includes(':'));
  return own.includes(dst) ? dst : own.length === 1 ? own[0] : undefined;
}

/** A device by which a packet was sent on to a MAC that is not that of the device which it was for. */
function misled({ path, frames }: Leg, scene: LostFrame): Explanation | undefined {
  for (const [index, at] of path.entries()) {
    const frame = frames[index];
    const next = path.slice(index + 1).find(({ settings }) => settings.mac === frame?.dst);
    if (!frame || !next || isGroup(frame.dst)) continue;
    const address = askedFor(frame, next, scene);
    const entry = scene
      .stackOf(at)
      ?.neighbours.find(({ dst, dev }) => dev === at.device && dst === address);
    if (entry?.lladdr === undefined || entry.lladdr === frame.dst) continue;
    return {
      at,
      reason: `${at.label} sends what is for ${address} to ${entry.lladdr}, and ${next.label} has ${frame.dst}: its entry for that neighbour is wrong.`,
      remedy: `Let it ask again: \`ip neigh del ${address} dev ${at.device}\` in ${at.stack}.`,
      source: 'ip-neighbour(8); RFC 826; RFC 4861 7.2',
    };
  }
  return undefined;
}

/** A packet went to a MAC that its receiver does not have, as whoever sent it believed. */
export const neighbour: CauseKind = {
  name: 'neighbour',
  doc: 'A packet, or the one that it was to answer, was sent to another MAC than that of its receiver, because the sender has a wrong entry for this neighbour.',
  find(scene) {
    const { leg, legs, lastSeen } = scene;
    const before = lastSeen < 0 ? legs[legs.indexOf(leg) - 1] : undefined;
    return misled(leg, scene) ?? (before && misled(before, scene));
  },
};
