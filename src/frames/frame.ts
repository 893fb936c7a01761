import type { HsrVersion } from './decode/hsr.js';
import type { Layers } from './decode/layers.js';
import type { Inner } from './encapsulation.js';
import type { Seal } from './macsec.js';

/** A VLAN tag: IEEE 802.1Q-2018, 9.6. */
export interface Vlan {
  /** EtherType of the tag. */
  readonly tpid: number;
  readonly id: number;
  readonly priority: number;
}

/** An Ethernet frame as a value: IEEE 802.3, IEEE 802.1Q, and what is in it as far as anybody reads it. */
export interface Frame extends Layers {
  /** MAC addresses in lower case with colons; empty where the frame ends before. */
  readonly dst: string;
  readonly src: string;
  /** VLAN tags from the outside in. */
  readonly vlans: readonly Vlan[];
  /** EtherType; undefined for a frame that has a length and LLC instead. */
  readonly etherType: number | undefined;
  /** The frame that travels in it: that of a tunnel. */
  readonly inner?: Inner<Frame>;
  /** The frame that travels in it: that of a MACsec device. */
  readonly sealed?: Sealed<Frame>;
  /** The frame that travels in it: that of a node of HSR. */
  readonly redundant?: Redundant<Frame>;
  /** It has the trailer of PRP behind it (IEC 62439-3:2016, 4.2.7.3), which who does not know it takes for padding. Hops set it. */
  readonly hasTrailer?: boolean;
  /**
   * The outer tag is no longer in the frame but beside it, where no length counts it: so it is once a device of Linux has
   * received the frame (net/core/dev.c, skb_vlan_untag). Hops set it.
   */
  readonly tagAside?: boolean;
  /** Octets after the Ethernet header and the tag, which is what an MTU counts; small without. */
  readonly payload?: number;
  /** Has a program or the stack at the receiver joined the group that the frame goes to (ladvd its own, IPv6 the solicited-node groups)? */
  readonly joined?: boolean;
}

/** A frame that travels inside a MACsec frame. */
interface Sealed<F> {
  /** Secure channel identifier of its sender, as 16 hexadecimal digits. */
  readonly sci: string;
  /** Association number: which of its keys the sender has used. */
  readonly an: number;
  /** Packet number; that of the first frame where nobody knows. */
  readonly pn: number;
  /** How it is sealed, as far as that is known. */
  readonly seal: Seal | undefined;
  readonly frame: F;
}

/** A frame behind a tag of HSR. */
interface Redundant<F> {
  readonly version: HsrVersion;
  readonly frame: F;
}

/** A frame as a capture saw it. */
export interface SeenFrame extends Frame {
  /** Octets that the frame had on the wire, without its checksum. */
  readonly length: number;
  /** What was captured of it. */
  readonly bytes: Uint8Array;
  readonly inner?: Inner<SeenFrame>;
  readonly sealed?: Sealed<SeenFrame>;
  readonly redundant?: Redundant<SeenFrame>;
}

/** EtherTypes that rules look at: IEEE registration authority. */
export const ETHER_TYPES = {
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  macControl: 0x8808,
  lldp: 0x88cc,
  macsec: 0x88e5,
} as const;

/** EtherTypes of tags, by the standard that they come from: IEEE 802.1Q-2018, table 9-1 (customer and service tag). */
export const TAG_TYPES = { '802.1Q': 0x8100, '802.1ad': 0x88a8 } as const;

/** The tags of most frames: none. */
export const UNTAGGED: readonly Vlan[] = [];

/** The VLAN of the outer tag; none without a tag. */
export const vlanOf = ({ vlans }: Frame): number | undefined => vlans[0]?.id;

/** Do frames carry the same tags? Priorities do not count: the model does not follow them. */
export const sameTags = ({ vlans }: Frame, other: Frame): boolean =>
  vlans.length === other.vlans.length &&
  vlans.every(({ tpid, id }, at) => other.vlans[at]?.tpid === tpid && other.vlans[at].id === id);

/** What tells apart the copies of a frame that come the same way: their tags, and whom the packets are for that they travel in. */
export const copyKey = ({ vlans, inner, sealed, redundant, ipv4, ipv6 }: Frame): string => {
  const tags = vlans.map(({ id }) => id).join('\0');
  if (redundant) return `${tags}\0${redundant.frame.src}\0${copyKey(redundant.frame)}`;
  if (sealed) return `${tags}\0${sealed.sci}\0${copyKey(sealed.frame)}`;
  return inner ? `${tags}\0${(ipv4 ?? ipv6)?.dst}\0${copyKey(inner.frame)}` : tags;
};

/** The tags of a frame in words. */
export const describeTags = ({ vlans }: Frame): string =>
  vlans.length === 0 ? 'no tag' : `the tag of VLAN ${vlans.map(({ id }) => id).join(' in ')}`;

/** A frame with another outer tag, or without it. */
export const withVlan = (frame: Frame, id: number | undefined): Frame => {
  const inner = frame.vlans.slice(1);
  return { ...frame, vlans: id === undefined ? inner : [customerTag(id), ...inner] };
};

/** A customer tag with a VLAN id. */
export const customerTag = (id: number): Vlan => ({
  ...{ tpid: TAG_TYPES['802.1Q'], id, priority: 0 },
});
