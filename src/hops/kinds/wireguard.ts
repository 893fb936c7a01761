import type { Frame } from '../../frames/frame.js';
import { isDown, tooLongToSend } from '../limits.js';
import { comesIn, onward } from '../onward.js';
import { chance, drop } from '../outcome.js';
import { peerFor, type WireguardSeal, type WireguardPeer } from '../seal.js';
import type { TunnelEnd } from '../tunnel.js';
import {
  defineHop,
  PASS,
  type Forwarding,
  type Hop,
  type HopSettings,
  type Place,
} from '../types.js';
import type { World } from '../world.js';
import { bare, noPacket } from './tunnel.js';

/** What a device of WireGuard is told: whose the addresses are, and where. */
export interface WireguardDevice extends HopSettings {
  readonly by: 'wireguard';
  /** Public key, of base64. */
  readonly key: string;
  /** UDP port at which it listens. */
  readonly port: number;
  readonly peers: readonly WireguardPeer[];
  readonly source: string;
}

type End = Hop<TunnelEnd & { readonly seal: WireguardSeal }>;

const isEnd = (hop: Hop): hop is End => (hop.settings as Partial<TunnelEnd>).seal !== undefined;

/** Is a hop a device of WireGuard? */
export const isWireguard = (hop: Hop): hop is Hop<WireguardDevice> => hop.kind === 'wireguard';

/** The peer whose the destination of a frame is, and the end at which it is. */
function choose({ hop, peers }: Place<WireguardDevice>, frame: Frame, { memory }: World) {
  const peer = peerFor(hop.settings.peers, (frame.ipv4 ?? frame.ipv6)?.dst);
  const ends = peers.filter(isEnd).filter(({ settings }) => settings.seal.peer.key === peer?.key);
  const spoken = peer && memory.portFor(hop, 0, peer.key);
  const end =
    ends.find(({ id }) => id === spoken) ??
    ends.find(({ settings }) => settings.seal.heard === 'kept') ??
    ends.find(({ settings }) => settings.seal.heard === undefined) ??
    ends[0];
  return { peer, end, hasSpoken: spoken !== undefined };
}

const XMIT = 'Linux drivers/net/wireguard/device.c: wg_xmit';

/** What becomes of a packet that is for a peer, as far as the device knows where that is. */
function towards(
  { hop, place }: { readonly hop: Hop<WireguardDevice>; readonly place: Place<WireguardDevice> },
  frame: Frame,
  world: World,
): Forwarding {
  const { label } = hop;
  const { dst = 'no address' } = frame.ipv4 ?? frame.ipv6 ?? {};
  const { peer, end, hasSpoken } = choose(place, frame, world);
  if (!peer)
    return drop(
      `${dst} is among the allowed IPs of no peer of ${label}: whom the packet is for is not known.`,
      `Add ${dst} to the \`allowed_ips\` of the peer that has it.`,
      `${XMIT} (ENOKEY); allowedips.c: wg_allowedips_lookup_dst`,
    );
  if (!end || end.settings.remote === '')
    return drop(
      `${label} does not know where ${peer.name} is: it has no endpoint for it, and ${peer.name} has none to speak first.`,
      `Give the peer an \`endpoint\`.`,
      `${XMIT} (EDESTADDRREQ)`,
    );
  const passed: Forwarding = { action: 'pass', frame: bare(hop, frame) };
  if (hasSpoken || end.settings.seal.heard !== 'perhaps') return passed;
  return chance(
    undefined,
    {
      reason: `${label} has no endpoint for ${peer.name}: it knows where that is only once ${peer.name} has spoken.`,
      remedy: `Give the peer an \`endpoint\` there, or let ${peer.name} speak now and then: \`keepalive: 25\`.`,
      source: `${XMIT} (EDESTADDRREQ); socket.c: wg_socket_set_peer_endpoint_from_skb`,
    },
    passed.frame,
  );
}

/** A device of WireGuard: drivers/net/wireguard/, and the paper by Jason A. Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel". */
export const wireguard = defineHop<WireguardDevice>({
  kind: 'wireguard',
  doc: 'A device of WireGuard: the peer among whose allowed IPs the destination is gets the packet, sealed for it alone, in a packet of UDP. What comes from a peer is taken only from addresses that are its own.',
  drops: [
    'all that is no packet of IP: ARP, LLDP, tags',
    'what a program sends on it beyond its MTU',
    'what is for an address that no peer has',
    'what is for a peer of which nobody has said where it is, and that has not spoken',
  ],
  pathCost: 100,
  observable: () => true,
  // Where it is to be heard from: a handshake that found nobody is begun anew after five seconds (messages.h, REKEY_TIMEOUT).
  settling({ device, settings }) {
    const kept = settings.peers.filter(({ isKept }) => isKept).map(({ key }) => key);
    if (kept.length === 0) return undefined;
    return {
      argv: ['wg', 'show', device, 'latest-handshakes'],
      unsettled: `^\\(${kept.join('\\|')}\\)[[:space:]]0$`,
    };
  },
  next(place, from, frame, world) {
    if (comesIn({ place, from })) return onward(place, from);
    const { end } = choose(place, frame, world);
    return end ? [end] : place.peers;
  },
  learns(hop, from, _, { learn }) {
    if (isEnd(from)) learn(hop, 0, from.settings.seal.peer.key, from.id);
  },
  forward(crossing, frame, world) {
    const { hop, from, to } = crossing;
    const refused =
      isDown(hop) ?? (from ? undefined : (noPacket(hop, frame) ?? tooLongToSend(frame, hop)));
    if (refused || comesIn(crossing) || !to) return refused ?? PASS;
    return towards(crossing, frame, world);
  },
});
