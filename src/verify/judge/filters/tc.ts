import { ETHER_TYPES } from '../../../frames/frame.js';
import type { Cause } from '../../../hops/types.js';
import type { Sight } from '../../../hops/sight.js';

/** Names that tc(8) has for Ethernet types: iproute2 lib/ll_proto.c. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  ...{ ip: ETHER_TYPES.ipv4, arp: ETHER_TYPES.arp, ipv6: ETHER_TYPES.ipv6 },
  lldp: ETHER_TYPES.lldp,
};

/** Does a filter look at frames of this type? */
function isFor(protocol: string, { packet: { frame } }: Sight): boolean {
  if (protocol === 'all') return true;
  if (frame.vlans.length > 0) return false;
  const type = PROTOCOLS[protocol.toLowerCase()] ?? /^\[(\d+)\]$/.exec(protocol)?.[1] ?? protocol;
  return Number(type) === frame.etherType;
}

/** A filter with what it does: the line that names it, its matches, its actions. */
interface TcFilter {
  readonly protocol: string;
  /** matchall, u32, flower, ... */
  readonly classifier: string;
  readonly body: string;
}

function filtersIn(text: string): readonly TcFilter[] {
  return text
    .split(/^filter /m)
    .slice(1)
    .map((block) => {
      const [, protocol = '', classifier = ''] = /^protocol (\S+) pref \d+ (\S+)/.exec(block) ?? [];
      return { protocol, classifier, body: block };
    });
}

/** Does a filter match every frame of its type? What else it may look at is not read. */
const TAKES_ALL: Readonly<Record<string, (body: string) => boolean>> = {
  matchall: () => true,
  u32: (body) => {
    const found = [...body.matchAll(/^\s*match (\S+) at /gm)];
    return found.length > 0 && found.every(([, key]) => key === '00000000/00000000');
  },
};

/**
 * Does tc take away what passes a device? Classifiers that are not read, or that look at more than the type of a
 * frame, are never a reason. tc(8), tc-actions(8)
 * @param filters - text of `tc filter show` by direction and device
 */
export function takenByTc(filters: ReadonlyMap<string, string>, sight: Sight): Cause | undefined {
  const { device, packet } = sight;
  if (device === undefined) return undefined;
  for (const { protocol, classifier, body } of filtersIn(
    filters.get(`${packet.hook} ${device}`) ?? '',
  )) {
    const action = /action order .*?: (.*\b(?:drop|stolen|shot)\b.*)/.exec(body)?.[1];
    if (action === undefined || !isFor(protocol, sight)) continue;
    if (TAKES_ALL[classifier]?.(body) !== true) continue;
    return {
      reason: `A filter of tc at the device's ${packet.hook} takes frames away: ${action.trim()} (protocol ${protocol}).`,
      remedy: `Remove it: \`tc filter del dev ${device} ${packet.hook}\`.`,
      source: 'tc(8); tc-actions(8)',
    };
  }
  return undefined;
}
