import { isGroup } from '../../frames/mac.js';
import { isDown, tooLongToSend } from '../limits.js';
import { comesIn, onward } from '../onward.js';
import { drop } from '../outcome.js';
import type { TunnelDevice, TunnelEnd } from '../tunnel.js';
import { defineHop, PASS, type Hop, type Place } from '../types.js';
import type { Frame } from '../../frames/frame.js';
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

/**
 * The device of a tunnel, whatever its packets look like: net/ipv4/ip_tunnel.c, drivers/net/vxlan/, drivers/net/geneve.c. It
 * is to its ends what a switch is to its ports, but hands nothing from one of them to another.
 */
export const tunnel = defineHop<TunnelDevice>({
  kind: 'tunnel',
  doc: 'The device of a tunnel (vxlan, geneve, gretap, ip6gretap): what its stack or its bridge sends travels in packets to the other end, or to several: where an entry or what it has learnt says, else to all its remotes.',
  drops: [
    'what a program sends on it beyond its MTU',
    'what is for a MAC of which it knows no remote, where it has none for all others',
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
    const refused = isDown(hop) ?? (from ? undefined : tooLongToSend(frame, hop));
    if (refused || comesIn(crossing) || !to) return refused ?? PASS;
    if (endsFor(place, frame, world).some(({ id }) => id === to.id)) return PASS;
    const { label, settings } = hop;
    return drop(
      `${label} has no remote for ${frame.dst}: it has no entry for it, has learnt nothing of it, and has none for all others.`,
      `Give ${label} a \`remote\`, a \`group\`, or an entry in its \`fdb\`.`,
      `${settings.source}; bridge(8) fdb`,
    );
  },
});
