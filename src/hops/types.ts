/** The spine: the network devices that a frame crosses. Plan, prediction, capture and report read the same hops. */

import type { Control } from './control.js';
import type { Frame, Vlan } from '../frames/frame.js';
import type { Where } from '../where.js';
import type { CarrierSource } from './carrier-source.js';
import type { DeviceState } from './device.js';
import type { Settling } from './settling.js';
import type { Snooping } from './snooping.js';
import type { TreeBridge } from './tree.js';
import type { Bundles, Membership, Memory, World } from './world.js';

/** One network device. `S` are the settings that its kind reads. */
export interface Hop<S extends HopSettings = HopSettings> {
  /** `STACK DEVICE`, unique in the lab: `@host mt3k…`, `sw1 eth1`, `sw1/c1 eth0`. */
  readonly id: string;
  /** Name of the hop kind in `src/hops/`. */
  readonly kind: string;
  /** Id of the stack that holds the device: `@host`, `sw1`, `sw1/c1`. */
  readonly stack: string;
  /** Machine and network namespace that the device is in. */
  readonly where: Where;
  /** Name of the device in its stack. */
  readonly device: string;
  /** How a person names it: `sw1:eth1` for a port, `sw1:eth1 macvtap` for a device of the host on that port's side. */
  readonly label: string;
  /** What the rules need to know. */
  readonly settings: S;
}

/** What the rules read of any device. Each hop kind adds its own. */
export interface HopSettings {
  readonly mac?: string;
  /** Largest payload in octets; 1500 when left out. */
  readonly mtu?: number;
  /** The device is administratively down. */
  readonly down?: boolean;
  /** Id of the link whose cable is pulled here. */
  readonly cut?: string;
  /** Nothing on the host stands for this hop; its device is only a name. */
  readonly noDevice?: boolean;
  /** No header of Ethernet stands before what it carries: packets alone, without MACs, and nobody is asked for one. */
  readonly isLayer3?: true;
  /** It throws away what it is given to send, and asks for no addresses. */
  readonly isSink?: boolean;
  /** It lets in what is for other addresses. */
  readonly promisc?: boolean;
  /** It lets in every group address. */
  readonly allmulticast?: boolean;
  /** The outer tag of what it takes from the device below: a VLAN device. */
  readonly tag?: Pick<Vlan, 'tpid' | 'id'>;
}

/**
 * How two hops hand frames to each other. `wire`: what one sends the other receives. `lower`: `a` is an upper device on
 * its lower device `b`. `port`: `a` is a port of the switch `b`.
 */
export interface HopEdge {
  readonly role: 'wire' | 'lower' | 'port';
  readonly a: string;
  readonly b: string;
}

/** Two hops of which each receives what the other sends. */
export const wireEdge = (a: string, b: string): HopEdge => ({ role: 'wire', a, b });
/** An upper device `a` on its lower device `b`. */
export const lowerEdge = (a: string, b: string): HopEdge => ({ role: 'lower', a, b });
/** A port `a` of a switch `b`. */
export const portEdge = (a: string, b: string): HopEdge => ({ role: 'port', a, b });

/** What a link or device kind contributes to the graph. A hop with the id of an earlier one takes its place: a link says what the port at its end is. */
export interface HopFragment {
  readonly hops: readonly Hop[];
  readonly edges: readonly HopEdge[];
  /** Settings that it adds to hops of others, by id: a bridge makes its ports promiscuous. What several add is merged. */
  readonly amends?: Readonly<Record<string, HopSettings>>;
}

/** What a hop does with a frame. That of a drop is as it would have gone on. */
export type Forwarding =
  | {
      readonly action: 'pass';
      /** The frame as it goes on, where the hop changes it: a bridge that filters VLANs adds or takes the tag. */
      readonly frame?: Frame;
    }
  | ({ readonly action: 'drop'; readonly frame?: Frame } & Cause)
  | ({
      readonly action: 'chance';
      /** How likely it passes, 0 to 1; nothing where nobody knows. */
      readonly probability: number | undefined;
      /** The frame as it then goes on, where the hop changes it. */
      readonly frame?: Frame;
    } & Cause);

/** Why a frame is dropped, what to do, and where that is written. */
export interface Cause {
  readonly reason: string;
  readonly remedy: string;
  /** Standard, kernel source or manual page. */
  readonly source: string;
  /** It is dropped before a capture on that hop could see it: where one did, this is not why. */
  readonly isUnseen?: true;
}

export const PASS: Forwarding = { action: 'pass' };

/** Where the frame comes from and goes to at this hop; absent at the ends of the path. */
export interface Crossing<S extends HopSettings = HopSettings> {
  readonly hop: Hop<S>;
  /** Who is around the hop. */
  readonly place: Place<S>;
  readonly from: Hop | undefined;
  readonly to: Hop | undefined;
}

/** A hop among those around it, by the role in which they are joined. */
export interface Place<S extends HopSettings = HopSettings> {
  readonly hop: Hop<S>;
  /** At the other end of a wire. */
  readonly peers: readonly Hop[];
  /** Devices on top of this one. */
  readonly uppers: readonly Hop[];
  /** Devices that this one is on top of. */
  readonly lowers: readonly Hop[];
  /** Switches that it is a port of. */
  readonly masters: readonly Hop[];
  /** Its ports, where it is a switch. */
  readonly ports: readonly Hop[];
}

/** To whom a frame is handed; `undefined` stands for the stack that owns the device. */
type Receivers = readonly (Hop | undefined)[];

/** One hop kind: what it does with frames. Pure functions of the settings. */
export interface HopKind<S extends HopSettings = HopSettings> {
  readonly kind: string;
  /** One or two sentences for the documentation. */
  readonly doc: string;
  /** Every way in which it does not simply hand a frame on, for the documentation: what happens to which frame. */
  readonly drops: readonly string[];
  /**
   * Does a capture on the device see every frame that crosses it? A bridge's own device sees only what
   * is for the bridge itself, and a QEMU datagram cable has no device at all.
   */
  observable(crossing: Pick<Crossing<S>, 'hop' | 'from' | 'to'>): boolean;
  /** To whom it hands a frame from another hop; `undefined` stands for the network stack. Left out where it does as devices do: `onward.ts`. */
  next?(place: Place<S>, from: Hop | undefined, frame: Frame, world: World): Receivers;
  /**
   * How it takes what another hop hands to it, where it does not take that as it is. It does so before a capture on it sees
   * the frame: a VLAN device takes its tag off, and takes nothing with another one.
   */
  takes?(hop: Hop<S>, from: Hop, frame: Frame, world: World): Forwarding | undefined;
  /**
   * Of what the device below has received, is a frame for it alone? Then neither other devices there get it, nor the stack
   * that owns that device.
   */
  claims?(hop: Hop<S>, frame: Frame): boolean;
  /** Devices of kinds that say the same here are handed what others of them on the same lower device send. */
  readonly family?: string;
  /** A capture on the lower device does not see what they hand to each other. */
  readonly isHandedOverUnseen?: true;
  /** What it sends is routed by the stack of the device below, and found there by IP address: no ARP, no hop. */
  routesBelow?(hop: Hop<S>): boolean;
  /** To whom the device below hands what it sends; `out` are those to whom that one hands all else that is sent. */
  leaves?(lower: Place, from: Hop<S>, frame: Frame, out: Receivers): Receivers;
  /** How the device below hands it a frame: one that it has received, or that another of the family on it sends. */
  fromLower?(lower: Place, from: Hop, to: Hop<S>, frame: Frame): Forwarding | undefined;
  /** What the copies of a frame have in common of which it hands on one alone, and why the later ones end; nothing where it hands on each. */
  once?(
    hop: Hop<S>,
    frame: Frame,
    to: Hop | undefined,
  ): (Cause & { readonly key: string }) | undefined;
  /** What it remembers of a frame that has come from another hop. */
  learns?(hop: Hop<S>, from: Hop, frame: Frame, memory: Memory, world: World): void;
  /** What it is given travels inside packets of its stack. */
  readonly isCarrier?: true;
  /** Its part in who is in which group (RFC 4541): whether it looks, and as what it asks. */
  snooping?(hop: Hop<S>): Snooping;
  /** How it uses its members, where it is a bond. */
  bundle?(hop: Hop<S>): Membership;
  /** The routing table of its members, which it names, where it is a VRF. */
  vrf?(hop: Hop<S>): { readonly table: number; readonly members: readonly string[] };
  /** What its carrier hangs on; nothing where it has one whenever it is up. */
  carrier?(place: Place<S>, bundles: Bundles): CarrierSource | undefined;
  /** Can it hand a frame back to whom it came from? Left out where it cannot. */
  sendsBack?(hop: Hop<S>): boolean;
  /** The VLANs that it tells apart; none where it does not look at tags. */
  vlans?(hop: Hop<S>): readonly number[];
  /**
   * A bridge of the kernel: its ports have it for their master, and the tables of the family bridge and br_netfilter see
   * what it hands on.
   */
  readonly isKernelBridge?: true;
  /** A bridge of Open vSwitch: ovs-ofctl(8) shows its flows, and its own device is down without any harm. */
  readonly isOpenFlow?: true;
  /** As controllers know it; nothing where none can order it about. */
  control?(hop: Hop<S>): Control | undefined;
  /** What none of its flows takes is dropped: it has one for each way. */
  readonly hasFlowPerWay?: true;
  /** Its part in a spanning tree; nothing where it takes none. */
  tree?(hop: Hop<S>): TreeBridge | undefined;
  /** How it is seen to settle; nothing where it forwards at once. @param crossed - ids of hops that frames are to cross */
  settling?(hop: Hop<S>, crossed: ReadonlySet<string>): Settling | undefined;
  /** Settings that let through what it would drop without them, in the words of the file, each with the settings without it. */
  permits?(hop: Hop<S>): readonly (readonly [setting: string, without: S])[];
  /** Link type of a capture on it, where that is neither Ethernet nor packets of IP (tcpdump.org, LINK-LAYER HEADER TYPES). */
  readonly linkType?: number;
  /** What a way over such a device costs a spanning tree, unless somebody says otherwise: by its speed, of the `short` costs. */
  readonly pathCost?: number;
  /** Other frames that it hands to one of those besides. */
  also?(crossing: Crossing<S>, frame: Frame, world: World): readonly Frame[];
  /** What becomes of a frame that it hands to one of those. */
  forward(crossing: Crossing<S>, frame: Frame, world: World): Forwarding;
  /** Settings of its own that devices show, read back from the kernel; MAC, MTU, up or down are read for every kind, the rest is as planned. */
  actual?(hop: Hop<S>, device: DeviceState, ports: ReadonlyMap<string, DeviceState>): Partial<S>;
}

/** Let the type of the settings flow into the rules of a kind. */
export const defineHop = <S extends HopSettings = HopSettings>(kind: HopKind<S>): HopKind => kind;
