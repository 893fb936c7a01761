import { HSR_TYPES } from './decode/hsr.js';
import { innerBy, sealedIn } from './decode.js';
import { ENCAPSULATIONS, type EncapsulationName, type Inner } from './encapsulation.js';
import { ETHER_TYPES, type Frame, type SeenFrame } from './frame.js';

/** Frames that travel inside others, as captures show them. */

/** What travels in a packet of a certain form, whatever port it has. */
function opened(seen: SeenFrame, by: EncapsulationName): Inner<SeenFrame> | undefined {
  return seen.inner?.by === by ? seen.inner : innerBy(by, seen);
}

/**
 * The frame that travels in a captured one as one does in the frame that is expected; the captured one itself where that
 * is expected to carry none.
 * @returns nothing where another one travels there, or none, or to somebody else
 */
export function carried(seen: SeenFrame, expected: Frame): SeenFrame | undefined {
  const { inner, sealed, redundant, ipv4, ipv6 } = expected;
  if (redundant) {
    const { version, frame } = seen.redundant ?? {};
    return frame && version === redundant.version ? carried(frame, redundant.frame) : undefined;
  }
  if (sealed) {
    const open = sealedIn(seen, sealed.seal);
    if (open?.sci !== sealed.sci || open.an !== sealed.an) return undefined;
    return carried(open.frame, sealed.frame);
  }
  if (!inner) return seen;
  const found = opened(seen, inner.by);
  if (found?.id !== inner.id || (seen.ipv4 ?? seen.ipv6)?.dst !== (ipv4 ?? ipv6)?.dst)
    return undefined;
  return found && carried(found.frame, inner.frame);
}

/** A filter that lets in the packets or frames in which a frame travels: pcap-filter(7); nothing where it travels in none. */
export function filterFor({ inner, sealed, redundant, udp, ipv6 }: Frame): string | undefined {
  if (redundant) return `ether proto ${HSR_TYPES[redundant.version]}`;
  if (sealed) return `ether proto ${ETHER_TYPES.macsec}`;
  if (!inner) return undefined;
  if (udp) return `udp port ${udp.dstPort}`;
  return `${ipv6 ? 'ip6' : 'ip'} proto ${ENCAPSULATIONS[inner.by].protocol}`;
}
