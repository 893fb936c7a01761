import { isTold, packetsOf } from '../../frames/encapsulation.js';
import { ETHER_TYPES, UNTAGGED, type Frame } from '../../frames/frame.js';
import { isGroup } from '../../frames/mac.js';
import { isDown, tooLongToSend } from '../limits.js';
import { comesIn, onward } from '../onward.js';
import { drop } from '../outcome.js';
import type { TunnelDevice, TunnelEnd } from '../tunnel.js';
import {
  defineHop,
  PASS,
  type Forwarding,
  type Hop,
  type HopSettings,
  type Place,
} from '../types.js';
import type { World } from '../world.js';

const remoteOf = ({ settings }: Hop): string | undefined => (settings as Partial<TunnelEnd>).remote;

/** Is a hop the device of a tunnel? */
export const isTunnel = (hop: Hop): hop is Hop<TunnelDevice> => hop.kind === 'tunnel';

/** The ends by which it sends a frame: where the MAC is known to be, else all that stand for nobody in particular. */
function endsFor(
  { hop, peers }: Place<TunnelDevice>,
  { dst }: Frame,
  { memory }: World,
): readonly Hop[] {
  const { remotes, entries } = hop.settings;
  const written = entries[dst];
  if (written !== undefined) return peers.filter((end) => remoteOf(end) === written);
  const learnt = isGroup(dst) ? undefined : memory.portFor(hop, 0, dst);
  if (learnt !== undefined) return peers.filter(({ id }) => id === learnt);
  return peers.filter((end) => remotes.includes(remoteOf(end) ?? ''));
}

const NAMES: Readonly<Record<number, string>> = {
  [ETHER_TYPES.ipv4]: 'IPv4',
  [ETHER_TYPES.ipv6]: 'IPv6',
};

/** Why it does not carry a frame, where no header of Ethernet stands before what it carries. */
export function noPacket(
  { label, settings }: Hop<HopSettings & Pick<TunnelDevice, 'by' | 'source'>>,
  frame: Frame,
): Forwarding | undefined {
  const packets = packetsOf(settings.by);
  if (!packets) return undefined;
  const { etherType = 0, vlans } = frame;
  const carried = packets.map((type) => NAMES[type]).join(' and ');
  const name = vlans.length > 0 ? undefined : NAMES[etherType];
  if (name === undefined)
    return drop(
      `${label} carries packets of ${carried} with no header of Ethernet before them: it has no MAC, and ARP, LLDP and tags cannot go by it.`,
      'Use a tunnel that carries Ethernet: `gretap`, `vxlan` or `geneve`.',
      settings.source,
    );
  if (!packets.includes(etherType))
    return drop(
      `${label} carries packets of ${carried} alone, and this is one of ${name}.`,
      'Use a tunnel that carries it: `gre` and `wireguard` have both, `ipip` IPv4, `sit` IPv6.',
      settings.source,
    );
  // What a stack sends has no MACs there.
  if (!isTold(settings.by) || frame.src === '') return undefined;
  return drop(
    `${label} is told by who sends it what a packet is, and a program that writes octets to the device itself says nothing: they travel as something without a type, which no stack takes.`,
    'Let a stack send it: `probe: icmp`.',
    `${settings.source}; net/packet/af_packet.c: packet_parse_headers`,
  );
}

/** A frame as it leaves by a device: as a packet alone where that has no header of Ethernet. */
export const bare = ({ settings }: Hop, frame: Frame): Frame =>
  settings.isLayer3 ? { ...frame, src: '', dst: '', vlans: UNTAGGED } : frame;

/**
 * The device of a tunnel, whatever its packets look like: net/ipv4/ip_tunnel.c, drivers/net/vxlan/, drivers/net/geneve.c. It
 * is to its ends what a switch is to its ports, but hands nothing from one of them to another.
 */
export const tunnel = defineHop<TunnelDevice>({
  kind: 'tunnel',
  doc: 'The device of a tunnel (vxlan, geneve, gretap, ip6gretap; gre, ipip, sit without Ethernet): what its stack or its bridge sends travels in packets to the other end, or to several: where an entry or what it has learnt says, else to all its remotes.',
  drops: [
    'what a program sends on it beyond its MTU',
    'what is for a MAC of which it knows no remote, where it has none for all others',
    'on gre, ipip and sit all that is no packet of IP: ARP, LLDP, tags; on ipip that of IPv6, on sit that of IPv4',
  ],
  // No speed is known of it: net/bridge/br_if.c, port_cost.
  pathCost: 100,
  observable: () => true,
  next(place, from, frame, world) {
    if (comesIn({ place, from })) return onward(place, from);
    const ends = endsFor(place, frame, world);
    return ends.length > 0 ? ends : place.peers;
  },
  learns(hop, from, frame, { learn }) {
    const isEnd = remoteOf(from) !== undefined;
    if (hop.settings.learning && isEnd) learn(hop, 0, frame.src, from.id);
  },
  forward(crossing, frame, world) {
    const { hop, from, to, place } = crossing;
    const refused =
      isDown(hop) ?? (from ? undefined : (noPacket(hop, frame) ?? tooLongToSend(frame, hop)));
    if (refused || comesIn(crossing) || !to) return refused ?? PASS;
    if (endsFor(place, frame, world).some(({ id }) => id === to.id))
      return { action: 'pass', frame: bare(hop, frame) };
    const { label, settings } = hop;
    return drop(
      `${label} has no remote for ${frame.dst}: it has no entry for it, has learnt nothing of it, and has none for all others.`,
      `Give ${label} a \`remote\`, a \`group\`, or an entry in its \`fdb\`.`,
      `${settings.source}; bridge(8) fdb`,
    );
  },
});
