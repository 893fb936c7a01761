/**
 * The spine: the network devices that a frame crosses, in order. Plan, prediction, capture and
 * report all read the same hops.
 */

import type { DeviceState } from './device.js';

/** One network device. */
export interface Hop {
  /** `STACK DEVICE`, unique in the lab: `@host mt3k…`, `sw1 eth1`, `sw1/c1 eth0`. */
  readonly id: string;
  /** Name of the hop kind in `src/hops/`. */
  readonly kind: string;
  /** Id of the stack that holds the device: `@host`, `sw1`, `sw1/c1`. */
  readonly stack: string;
  /** Name of the device in its stack. */
  readonly device: string;
  /** How a person names it: `sw1:eth1` for a port, `sw1:eth1 macvtap` for a device of the host on that port's side. */
  readonly label: string;
  /** What the rules need to know: MAC, mode, masks, flags. Each hop kind says which it reads. */
  readonly settings: HopSettings;
}

export interface HopSettings {
  readonly mac?: string;
  /** Largest payload in octets; 1500 when left out. */
  readonly mtu?: number;
  /** The device is administratively down. */
  readonly down?: boolean;
  /** Nothing on the host stands for this hop; its device is only a name. */
  readonly noDevice?: boolean;
  readonly [key: string]: string | number | boolean | undefined;
}

/** Two hops that hand frames to each other. The edge may say what the device on the way does (an OVS cross-connect). */
export type HopEdge = readonly [a: string, b: string];

/** What a link or device kind contributes to the graph. */
export interface HopFragment {
  /** A hop with the id of an earlier one takes its place: a link says what the port at its end is. */
  readonly hops: readonly Hop[];
  readonly edges: readonly HopEdge[];
  /** Settings that it adds to hops of others, by id: a bridge makes its ports promiscuous. */
  readonly amends?: Readonly<Record<string, HopSettings>>;
}

export const FRAME_CLASSES = [
  'lldp',
  'stp',
  'lacp',
  'dot1x',
  'pause',
  'cdp',
  'arp-request',
  'arp-reply',
  'icmp',
  'icmp6',
  'nd-solicitation',
  'nd-advertisement',
  'mdns',
  'igmp',
  'vlan-tagged',
  /** As long as the MTU allows. */
  'mtu',
  /** One octet longer. */
  'over-mtu',
  /** To the MAC of the receiving port. */
  'unicast-own',
  /** To a MAC behind the receiving node. */
  'unicast-foreign',
] as const;
export type FrameClass = (typeof FRAME_CLASSES)[number];

/** What the model knows of a frame: its class, its addresses, its tag and its size. */
export interface FrameSpec {
  readonly class: FrameClass;
  readonly src: string;
  /** Destination MAC, lower case with colons. */
  readonly dst: string;
  /** VLAN id of its 802.1Q tag; untagged without. */
  readonly vlan?: number;
  /**
   * The tag is no longer in the frame but beside it, where no length counts it: so it is once a device of Linux has
   * received the frame (net/core/dev.c, skb_vlan_untag). Hops set it.
   */
  readonly tagAside?: boolean;
  /** Octets after the Ethernet header and the tag, which is what an MTU counts; small without. */
  readonly payload?: number;
  /** Has a program or the stack at the receiver joined the group that the frame goes to (ladvd its own, IPv6 the solicited-node groups)? */
  readonly joined?: boolean;
}

/** What a hop does with a frame. */
export type Forwarding =
  | {
      readonly action: 'pass';
      /** The frame as it goes on, where the hop changes it: a bridge that filters VLANs adds or takes the tag. */
      readonly frame?: FrameSpec;
    }
  | ({ readonly action: 'drop' } & Cause)
  | ({
      readonly action: 'chance';
      /** How likely it passes, 0 to 1. */
      readonly probability: number;
    } & Cause);

/** Why a frame is dropped, what to do, and where that is written. */
export interface Cause {
  readonly reason: string;
  readonly remedy: string;
  /** Standard, kernel source or manual page. */
  readonly source: string;
}

export const PASS: Forwarding = { action: 'pass' };

/** Where the frame comes from and goes to at this hop; absent at the ends of the path. */
export interface Crossing {
  readonly hop: Hop;
  readonly from: Hop | undefined;
  readonly to: Hop | undefined;
}

/** One hop kind: what it does with frames. A pure function of the settings. */
export interface HopKind {
  readonly kind: string;
  /** One or two sentences for the documentation. */
  readonly doc: string;
  /** Every way in which it does not simply hand a frame on, for the documentation: what happens to which frame. */
  readonly drops: readonly string[];
  /**
   * Does a capture on the device see every frame that crosses it? A bridge's own device sees only what
   * is for the bridge itself, and a QEMU datagram cable has no device at all.
   */
  observable(crossing: Crossing): boolean;
  forward(crossing: Crossing, frame: FrameSpec): Forwarding;
  /**
   * Settings of its own that devices show, read back from the kernel; what it leaves out is taken from the plan.
   * MAC, MTU and up or down are read for every kind.
   */
  actual?(hop: Hop, device: DeviceState, ports: ReadonlyMap<string, DeviceState>): HopSettings;
}
