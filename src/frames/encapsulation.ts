import { u16, u32 } from './decode/bytes.js';
import type { Layers } from './decode/layers.js';
import { ETHER_TYPES, type Frame } from './frame.js';

/** How Ethernet frames, or packets without any, travel inside IP packets. */
interface Encapsulation {
  /** As people call it. */
  readonly title: string;
  /** What its number is called that tells one network from another. */
  readonly idTitle: string;
  /** IP protocol. */
  readonly protocol: number;
  /** UDP ports at which it is known without being told, the usual one first; none where it needs no UDP. */
  readonly ports: readonly number[];
  /** The EtherTypes of the packets that it carries; left out where it carries frames of Ethernet. */
  readonly packets?: readonly number[];
  /** Octets between the IP header and the inner frame. */
  header(id: number | string | undefined): number;
  /** May nobody cut the packet on its way, unless told otherwise? */
  readonly isWhole: boolean;
  /** Nobody on the way sees what travels in it, and nothing of that shows outside. */
  readonly isSealed?: true;
  /** The type of what travels in it is what its sender says; left out where the packet itself tells. */
  readonly isTold?: true;
  /** What travels in a packet; nothing where that is not its form. */
  read(layers: Layers): Content | undefined;
}

/** What travels in a packet. */
interface Content {
  readonly id: number | undefined;
  readonly octets: Uint8Array;
  /** EtherType of a packet; a frame of Ethernet has its own. */
  readonly type?: number;
}

const [IPIP, UDP, IPV6, GRE] = [4, 17, 41, 47];
const UDP_HEADER = 8;
/** EtherType of a frame inside another one: transparent Ethernet bridging (RFC 7637, 3.2). */
const BRIDGING = 0x6558;

/** A header of eight octets or more with a number of 24 bits in its second half. */
const numbered = (bytes: Uint8Array, length: number) => {
  const word = u32(bytes, 4);
  return word === undefined ? undefined : { id: word >>> 8, octets: bytes.subarray(length) };
};

/** VXLAN: RFC 7348. Linux drivers/net/vxlan/ has 8472 for its port where nobody says another. */
const vxlan: Encapsulation = {
  title: 'VXLAN',
  idTitle: 'VNI',
  protocol: UDP,
  ports: [4789, 8472],
  header: () => UDP_HEADER + 8,
  isWhole: false,
  read: ({ udp }) => (udp?.payload[0] === 0x08 ? numbered(udp.payload, 8) : undefined),
};

/** Geneve: RFC 8926. */
const geneve: Encapsulation = {
  title: 'Geneve',
  idTitle: 'VNI',
  protocol: UDP,
  ports: [6081],
  header: () => UDP_HEADER + 8,
  isWhole: false,
  read({ udp }) {
    const [first = 0xff] = udp?.payload ?? [];
    if (!udp || first >> 6 !== 0 || u16(udp.payload, 2) !== BRIDGING) return undefined;
    return numbered(udp.payload, 8 + 4 * (first & 0x3f));
  },
};

/** GRE with Ethernet frames: RFC 2784, and the key of RFC 2890. */
const gretap: Encapsulation = {
  title: 'GRE',
  idTitle: 'key',
  protocol: GRE,
  ports: [],
  header: (id) => (id === undefined ? 4 : 8),
  isWhole: true,
  read: ({ gre }) =>
    gre?.protocol === BRIDGING ? { id: gre.key, octets: gre.payload } : undefined,
};

const IP: readonly number[] = [ETHER_TYPES.ipv4, ETHER_TYPES.ipv6];

/** GRE with packets: RFC 2784, RFC 2890. */
const gre: Encapsulation = {
  ...gretap,
  ...{ packets: IP, isTold: true },
  read: ({ gre: header }) =>
    header && IP.includes(header.protocol)
      ? { id: header.key, octets: header.payload, type: header.protocol }
      : undefined,
};

/** A packet right behind the header of another one, whose protocol tells what it is. */
const bare = (title: string, protocol: number, type: number): Encapsulation => ({
  ...{ title, idTitle: 'number', protocol, ports: [], packets: [type] },
  ...{ header: () => 0, isWhole: true },
  read: ({ ipv4, packet }) =>
    packet && ipv4?.protocol === protocol ? { id: undefined, octets: packet, type } : undefined,
});

/** WireGuard: include/uapi/linux/wireguard.h, drivers/net/wireguard/messages.h; a header and the mark of the seal, of 16 octets each. */
const wireguard: Encapsulation = {
  ...{ title: 'WireGuard', idTitle: 'keys', protocol: UDP, ports: [], packets: IP },
  ...{ header: () => UDP_HEADER + 16 + 16, isWhole: false, isSealed: true },
  read: () => undefined,
};

/** All that the model knows, by the names that ip-link(8) has: IPv4 in IPv4 is RFC 2003, IPv6 in IPv4 RFC 4213. */
export const ENCAPSULATIONS = {
  ...{ vxlan, geneve, gretap, gre, wireguard },
  ipip: bare('IPIP', IPIP, ETHER_TYPES.ipv4),
  sit: bare('SIT', IPV6, ETHER_TYPES.ipv6),
} as const satisfies Readonly<Record<string, Encapsulation>>;
export type EncapsulationName = keyof typeof ENCAPSULATIONS;

/** A frame that travels inside a packet. */
export interface Inner<F> {
  readonly by: EncapsulationName;
  /** VNI or key; none where the header has none. Of one that is sealed, the public keys of who seals it and for whom. */
  readonly id: number | string | undefined;
  readonly frame: F;
  /** What tells a second key apart that both must have for the seal. */
  readonly preshared?: string | undefined;
  /** It carries nothing yet: its sender asks for a key, or answers that. */
  readonly isHandshake?: true;
}

const NAMES = Object.keys(ENCAPSULATIONS) as readonly EncapsulationName[];

/** How a packet carries a frame, as its port or protocol tells. */
export const carrierOf = (layers: Layers): EncapsulationName | undefined =>
  NAMES.find((name) => {
    const by: Encapsulation = ENCAPSULATIONS[name];
    const { ports } = by;
    const { udp } = layers;
    return udp ? ports.includes(udp.dstPort) : ports.length === 0 && by.read(layers) !== undefined;
  });

/** The EtherTypes of the packets that travel so; nothing where frames of Ethernet do. */
export const packetsOf = (name: EncapsulationName): readonly number[] | undefined => {
  const { packets }: Encapsulation = ENCAPSULATIONS[name];
  return packets;
};

/** Does a frame travel where no capture on its way can tell it from others? */
export const isSealed = ({ inner }: Pick<Frame, 'inner'>): boolean => {
  if (!inner) return false;
  const by: Encapsulation = ENCAPSULATIONS[inner.by];
  return by.isSealed === true || isSealed(inner.frame);
};

/** Does the sender of a packet say of what type it is, whatever is in it? */
export const isTold = (name: EncapsulationName): boolean => {
  const by: Encapsulation = ENCAPSULATIONS[name];
  return by.isTold === true;
};
