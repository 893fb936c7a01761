import { ENCAPSULATIONS, packetsOf, type EncapsulationName } from '../frames/encapsulation.js';
import { ETHER_TYPES, UNTAGGED, type Frame } from '../frames/frame.js';
import { DEFAULT_TTL } from '../frames/values.js';
import { familyOf, isMulticast } from '../topology/address.js';
import { drop } from './outcome.js';
import { paddedSize, unsealed, type WireguardSeal } from './seal.js';
import { PASS, type Forwarding, type Hop, type HopSettings } from './types.js';

/** What the device of a tunnel and its ends have in common. */
interface TunnelSettings extends HopSettings {
  readonly by: EncapsulationName;
  /** VNI or key, or the public keys of the two ends. */
  readonly id: number | string | undefined;
  /** UDP port; none where it needs no UDP. */
  readonly port: number | undefined;
  /** Address that it sends from; the one that the route prefers when left out. */
  readonly local: string | undefined;
  /** Name of the device that it sends by; as the routes say when left out. */
  readonly dev: string | undefined;
  readonly ttl: number | undefined;
  /** Kernel source. */
  readonly source: string;
}

/** The device of a tunnel: to whom it sends what. */
export interface TunnelDevice extends TunnelSettings {
  /** Addresses, or groups, to which goes what is for nobody that it knows. */
  readonly remotes: readonly string[];
  /** Where single MACs are. */
  readonly entries: Readonly<Record<string, string>>;
  /** It remembers from which address frames of a MAC have come, and takes frames from anybody. */
  readonly learning: boolean;
  readonly isOpen: boolean;
}

/** One end of a tunnel: it stands for one address at which the others are. */
export interface TunnelEnd extends TunnelSettings {
  /** Id of the hop of the device. */
  readonly tunnel: string;
  readonly remote: string;
  /** Address that its packets come from; none where the stack has no way to the remote. */
  readonly src: string | undefined;
  /** It takes what others send, too. */
  readonly isOpen: boolean;
  /** UDP port of the other end, where that need not be its own. */
  readonly toPort?: number | undefined;
  readonly seal?: WireguardSeal;
}

/** Octets of Ethernet's header, and of a tag in it. */
const [HEADER, TAG] = [14, 4];
/** Octets of the header of IP. */
const IP_HEADER = { 4: 20, 6: 40 } as const;

/** Octets that a tunnel adds to a packet that it carries: headers, the inner one of Ethernet included where there is one. */
export const overheadOf = (
  by: EncapsulationName,
  id: number | string | undefined,
  family: 4 | 6,
): number => IP_HEADER[family] + ENCAPSULATIONS[by].header(id) + (packetsOf(by) ? 0 : HEADER);

const NO_OCTETS = new Uint8Array();

/** The time to live that a packet inherits from the one that travels in it: net/ipv4/ip_tunnel.c, ip_tunnel_xmit; net/ipv6/sit.c. */
const inheritedTtl = (by: EncapsulationName, { ipv4, ipv6 }: Frame): number | undefined =>
  packetsOf(by) && (ipv4?.ttl ?? ipv6?.hopLimit);

/** The packet in which a frame travels to the other end, before anybody has said by which device. */
export function encapsulated({ settings }: Hop<TunnelEnd>, frame: Frame): Frame {
  const { by, id, port, toPort, seal, remote, src = '', ttl } = settings;
  const { protocol, isWhole } = ENCAPSULATIONS[by];
  const family = familyOf(remote);
  const inherited = seal ? undefined : inheritedTtl(by, frame);
  const hops = ttl ?? (isMulticast(remote) ? 1 : (inherited ?? DEFAULT_TTL));
  const { payload, vlans } = frame;
  const size = payload !== undefined && {
    payload: paddedSize(settings, payload + TAG * vlans.length) + overheadOf(by, id, family),
  };
  const ports = port !== undefined && {
    udp: { srcPort: seal ? port : 0, dstPort: toPort ?? port, length: 0, payload: NO_OCTETS },
  };
  const inner = { by, id, frame, ...(seal && { preshared: seal.preshared }) };
  const rest = { ...ports, ...size, inner };
  const ends = { src: '', dst: '', vlans: UNTAGGED };
  const joined = isMulticast(remote) && { joined: true };
  if (family === 4) {
    const ipv4 = { src, dst: remote, protocol, ttl: hops, dontFragment: isWhole };
    return { ...ends, etherType: ETHER_TYPES.ipv4, ipv4, ...rest, ...joined };
  }
  const ipv6 = { src, dst: remote, nextHeader: protocol, protocol, hopLimit: hops };
  return { ...ends, etherType: ETHER_TYPES.ipv6, ipv6, ...rest, ...joined };
}

const called = (by: EncapsulationName, id: number | string | undefined): string =>
  `${ENCAPSULATIONS[by].idTitle} ${id ?? 'none'}`;

/** Why a packet that its stack has received is for another tunnel than that of an end; nothing where it is for that. */
function refusal({ label, settings }: Hop<TunnelEnd>, frame: Frame): Forwarding | undefined {
  const { by, id, port, remote, isOpen, seal, source } = settings;
  const { inner, udp, ipv4, ipv6 } = frame;
  const { title } = ENCAPSULATIONS[by];
  if (inner?.by !== by)
    return drop(
      `${label} takes ${title}, and this is something else.`,
      'Use the same kind of tunnel at both ends.',
      source,
    );
  if (udp && udp.dstPort !== port)
    return drop(
      `The packet is for UDP port ${udp.dstPort}, and ${label} listens at port ${port}.`,
      seal
        ? `Write port ${port} to the \`endpoint\` that leads there.`
        : 'Give both ends the same `port`.',
      source,
    );
  if (seal) return unsealed(label, seal, inner);
  if (inner.id !== id)
    return drop(
      `The packet comes with ${called(by, inner.id)}, and ${label} takes ${called(by, id)}: no tunnel of that stack has the other.`,
      `Give both ends the same number.`,
      source,
    );
  const src = (ipv4 ?? ipv6)?.src;
  if (!isOpen && src !== remote)
    return drop(
      `The packet comes from ${src}, and ${label} takes only what comes from ${remote}.`,
      `Make ${src} the \`remote\` of the tunnel, or let the other end send from ${remote} (\`local\`).`,
      source,
    );
  return undefined;
}

/** How an end takes a packet that its stack has received: the frame in it, or why it is for another tunnel. */
export const decapsulated = (end: Hop<TunnelEnd>, frame: Frame): Forwarding => ({
  ...(refusal(end, frame) ?? PASS),
  ...(frame.inner && { frame: frame.inner.frame }),
});

/** Would an end take the packet? */
export const isFor = (end: Hop<TunnelEnd>, frame: Frame): boolean =>
  decapsulated(end, frame).action === 'pass';
