import type { z } from 'zod';
import type { Hop, HopFragment, HopSettings } from '../hops/types.js';
import type { PlanFacts } from '../links/define.js';
import type { Requirement } from '../plan/step.js';
import type { Resource } from '../plan/resources/define.js';
import type { Problem } from '../topology/problem.js';

/** A device inside a node, `[NAMESPACE:]NAME`. */
export interface LocalDevice {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** A device as a spec names it, with the path of the name inside the spec, for messages. */
export interface Mention extends LocalDevice {
  readonly path: readonly (string | number)[];
}

/** A device that another one takes for itself. */
interface Taken extends Mention {
  /** It may be none that adds a tag to what it sends. */
  readonly isPlain?: true;
}

/** A device that comes into being. What nobody has written of it is derived, or is what the device below it has. */
export interface Made extends Mention {
  readonly mac: string | undefined;
  readonly mtu?: number | undefined;
  /** It has no header of Ethernet, and no MAC: no port of a switch, and nothing stands on it. */
  readonly isLayer3?: boolean;
  /** Nothing of the kernel stands for it: its maker alone knows it. It has no address, and nothing stands on it. */
  readonly noDevice?: true;
  /** The device whose MAC it has unless one is written. */
  readonly macOf?: LocalDevice;
  /** The device whose MTU it has unless one is written. */
  readonly mtuOf?: LocalDevice;
  /** By how many octets it then is smaller. */
  readonly less?: number;
  /** It adds a tag to what it sends. */
  readonly isTagging?: true;
  /** It has no room for a tag beyond its MTU: a device on it that adds one has four octets less (linux/netdevice.h, netif_reduces_vlan_mtu). */
  readonly isTight?: true;
  /** What it sends travels in packets of its stack, which its MTU leaves room for. */
  readonly carried?: Carried;
}

/** How what a device sends travels. */
interface Carried {
  /** The device that the packets leave by; as the routes say when left out. */
  readonly by: LocalDevice | undefined;
  /** Address that they are for. */
  readonly towards: string | undefined;
  /** Octets that are added to a packet. */
  readonly overhead: number;
}

/** A device that another one stands on. It keeps its own stack, and others may stand on it as well, in whatever namespace. */
export interface Lower extends Mention {
  /** What of it there is but once and the one on top needs, in words: `the tag of VLAN 10`. */
  readonly slot: string;
  /** Those who say the same here share it; one who says nothing needs it alone. */
  readonly shared?: string;
  /** Must it be up before the one on top can be set up? */
  readonly isUpFirst?: true;
}

/** What there is once for each device: whoever registers it gets what the device receives (net/core/dev.c, netdev_rx_handler_register). */
export const RECEIVE_HANDLER = 'the receive handler';

/** The place of resources in a stack of a node. */
interface Inside extends Pick<Resource, 'lane' | 'where'> {
  /** Id of the stack. */
  readonly stack: string;
}

/** A device of the lab that another one names. */
interface Other<S> {
  readonly spec: S;
  readonly context: DeviceContext;
}

/** What planning a device can ask of the node around it, and of the lab. */
export interface DeviceContext {
  /** Name of the lab. */
  readonly lab: string;
  /** The device's MAC: as written, or derived from lab, node and device, so that plans are repeatable. */
  mac(device: LocalDevice): string;
  /** Its MTU, where it is known to be another than that of Ethernet. */
  mtu(device: LocalDevice): number | undefined;
  /** The IP addresses that the file gives it. */
  addresses(device: LocalDevice): readonly string[];
  /** Is it a NIC of a guest, which does not know its own duplex? */
  isNic(device: LocalDevice): boolean;
  /** Octets as hexadecimal digits, derived from lab, node, device and purpose, so that plans are repeatable. */
  secret(device: LocalDevice, octets: number, purpose: string): string;
  /** A device that a node of the lab makes, by its place: `node:device` or `node/namespace:device`. */
  other<S>(ref: string): Other<S> | undefined;
  /** Id of the hop of a device of this node. */
  hopId(device: LocalDevice): string;
  /** The hop of a device of this node, with its MAC and MTU unless the settings have others. */
  hop(device: LocalDevice, kind: string, settings: HopSettings): Hop;
  /** Where a namespace of the node is, for the resources in it. */
  inside(namespace: string | undefined): Inside;
  /** The datapath of the Open vSwitch of a namespace of the node, and what a bridge of it is in. */
  openVswitch(namespace: string | undefined): {
    readonly datapath: 'system' | 'netdev';
    readonly in: readonly string[];
  };
}

/** A kind of device that a node builds inside its stack: one file, one descriptor, one line in the registry. */
export interface DeviceKind<Z extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly title: string;
  /** Markdown. */
  readonly doc: string;
  readonly example: string;
  readonly schema: Z;
  /** Kernel link kind that the stack's kernel must have (ip-link(8), TYPES). */
  readonly kernelKind: string;
  /**
   * It is made by a daemon, which runs in the own stack of guests of one template. A namespace of this machine that has such
   * a device gets a daemon of its own, where this machine has the programs.
   */
  readonly daemon?: {
    readonly name: string;
    readonly guest: string;
    readonly programs: readonly string[];
  };
  /** Only guests of one template have what makes it, such as a module that no kernel of a distribution has. */
  readonly onlyIn?: { readonly guest: string; readonly what: string };
  /** Name of the program that runs for it, as `run` has such names: no other program of the node may have it. */
  program?(spec: z.output<Z>): string;
  /** The facts of the host that its plan depends on; a lab without such a device is planned without them. */
  readonly facts?: readonly (keyof PlanFacts)[];
  /** What else that kernel must have for a device of this spec. Only this machine's own kernel is asked, before anything is touched. */
  requirements?(spec: z.output<Z>): readonly Requirement[];
  /** The devices that it brings into being. */
  makes(spec: z.output<Z>): readonly Made[];
  /** The devices that it takes for itself (a bridge its members): no other device or link may claim them. */
  takes?(spec: z.output<Z>): readonly Taken[];
  /** The devices that it stands on. */
  lowers?(spec: z.output<Z>): readonly Lower[];
  /** The UDP port of its stack at which it listens, and the field that says which; several of its kind may share one. */
  listens?(spec: z.output<Z>): {
    readonly port: number;
    readonly field: string;
    readonly isShared?: true;
  };
  /** What is wrong with all devices of the kind in a node together. Paths begin with the index of one among them. */
  together?(specs: readonly z.output<Z>[]): readonly Problem[];
  /** The devices of its own kind that it names, in whatever node of the lab, with the path of the name. */
  peers?(
    spec: z.output<Z>,
  ): readonly { readonly ref: string; readonly path: readonly (string | number)[] }[];
  /** Why it cannot have a device of its own kind for a peer; nothing where it can. */
  refuses?(spec: z.output<Z>, other: z.output<Z>): string | undefined;
  /** The routing table of its members, by their names, where it is a VRF. */
  vrf?(spec: z.output<Z>): { readonly table: number; readonly members: readonly string[] };
  /**
   * One on a port as cloud-init is told to make it, in the words of a VLAN of its network configuration, version 2; left out
   * where it cannot make such a one.
   */
  cloudInit?(
    spec: z.output<Z>,
  ): { readonly id: number; readonly link: string; readonly mtu?: number } | undefined;
  /** What it is made of. */
  plan(spec: z.output<Z>, context: DeviceContext): readonly Resource[];
  hops(spec: z.output<Z>, context: DeviceContext): HopFragment;
}

/** Let the schema's type flow into the descriptor's functions. */
export const defineDevice = <Z extends z.ZodObject>(kind: DeviceKind<Z>): DeviceKind<Z> => kind;
