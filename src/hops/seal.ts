import type { Inner } from '../frames/encapsulation.js';
import type { Frame } from '../frames/frame.js';
import { covers, splitCidr } from '../topology/address.js';
import { drop } from './outcome.js';
import type { Cause } from './types.js';

/** The seal of WireGuard: who has which keys, and which addresses are whose. */

/** Another end, as a device of WireGuard knows it. */
export interface WireguardPeer {
  /** How a person names it. */
  readonly name: string;
  /** Public key, of base64. */
  readonly key: string;
  /** What tells its second key apart; none where it has none. */
  readonly preshared: string | undefined;
  /** Prefixes that are its own. */
  readonly allowed: readonly string[];
  /** Where it is; left out where that is found out when it speaks. */
  readonly endpoint: { readonly ip: string; readonly port: number } | undefined;
  /** It speaks now and then, so that others know where it is. */
  readonly isKept: boolean;
}

/** What an end of a tunnel of WireGuard takes, and from whom. */
export interface WireguardSeal {
  /** Public key of its device. */
  readonly own: string;
  readonly peer: Pick<WireguardPeer, 'name' | 'key'>;
  readonly preshared: string | undefined;
  /** All peers of the device: an address is that of the one with the longest prefix. */
  readonly peers: readonly WireguardPeer[];
  /** Its device has no such peer. */
  readonly isStranger?: boolean;
  /** The device learns where the peer is when that speaks: does it, without being asked? */
  readonly heard?: 'kept' | 'perhaps';
  /** MTU of the device. */
  readonly mtu: number;
}

/** What identifies a seal: who made it, and who can open it. */
export const sealId = (from: string, to: string): string => `${from}>${to}`;

/** The peer whose an address is: drivers/net/wireguard/allowedips.c. */
export function peerFor(
  peers: readonly WireguardPeer[],
  ip: string | undefined,
): WireguardPeer | undefined {
  if (ip === undefined) return undefined;
  const fitting = peers.flatMap((peer) =>
    peer.allowed
      .map((cidr) => splitCidr(cidr))
      .filter((one) => covers(one, ip))
      .map(({ prefix }) => ({ peer, prefix })),
  );
  // A prefix that is given to two is the last one's.
  return fitting.toSorted((a, b) => a.prefix - b.prefix).at(-1)?.peer;
}

/** Octets that are sealed together: drivers/net/wireguard/messages.h, MESSAGE_PADDING_MULTIPLE. */
const BLOCK = 16;

/** Octets of a packet as it is sealed, so that its length tells less: send.c, calculate_skb_padding. */
export const paddedSize = (
  { seal }: { readonly seal?: WireguardSeal | undefined },
  size: number,
): number => (seal ? Math.max(size, Math.min(seal.mtu, Math.ceil(size / BLOCK) * BLOCK)) : size);

const RECEIVE = 'Linux drivers/net/wireguard/receive.c';

/** Why an end does not open what another one has sealed; nothing where it does. */
export function unsealed(label: string, seal: WireguardSeal, inner: Inner<Frame>): DropOr {
  const { own, peer, preshared, peers, isStranger } = seal;
  const { name } = peer;
  if (inner.id !== sealId(peer.key, own))
    return drop(
      `The packet is sealed with other keys than those of ${label}: it has no such peer, or is not whom the sender means.`,
      'Give each of the two devices the public key of the other.',
      `${RECEIVE}: wg_receive_handshake_packet; noise.c: wg_noise_handshake_consume_initiation`,
    );
  if (isStranger === true)
    return drop(
      `${label} has no peer with the public key of ${name}: it answers none of its handshakes, and what ${name} has to send waits there for a key.`,
      `Make ${name} a peer of that device as well.`,
      'Linux drivers/net/wireguard/noise.c: wg_noise_handshake_consume_initiation (wg_pubkey_hashtable_lookup)',
    );
  if (inner.preshared !== preshared)
    return drop(
      `${label} and ${name} have different preshared keys: no handshake between them comes to its end.`,
      'Give both the same `preshared_key`, or none.',
      'Linux drivers/net/wireguard/noise.c: wg_noise_handshake_consume_response (mix_psk)',
    );
  if (inner.isHandshake === true) return undefined;
  const src = (inner.frame.ipv4 ?? inner.frame.ipv6)?.src;
  const owner = peerFor(peers, src);
  if (owner?.key === peer.key) return undefined;
  return drop(
    `The packet comes from ${src}, which is not among the allowed IPs of ${name} at ${label}${owner ? `: there it is ${owner.name}'s` : ''}.`,
    `Add ${src} to the \`allowed_ips\` of ${name}, or send from an address that is there.`,
    `${RECEIVE}: wg_packet_consume_data_done (wg_allowedips_lookup_src)`,
  );
}

type DropOr = ({ readonly action: 'drop' } & Cause) | undefined;
