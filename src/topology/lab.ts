import type { FrameClass } from '../frames/classes.js';
import type { Where } from '../plan/step.js';
import type { ImpairedEnd } from './impairment.js';
import type { NodeProgram } from './program.js';
import type { RouteType } from './tables.js';

/** The resolved topology: every default, name, MAC and address filled in; frozen and deterministic. */
export interface Lab {
  readonly name: string;
  readonly title: string | undefined;
  /** Is it built also where a broadcast goes round for ever? */
  readonly allowLoops: boolean;
  /** Ten characters derived from the name: the part of device names that keeps labs apart. */
  readonly id: string;
  readonly nodes: readonly LabNode[];
  readonly links: readonly LabLink[];
  readonly checks: readonly Check[];
  /** What is done between them, in its order. */
  readonly steps: readonly LabStep[];
  /** Where its namespaces and the devices between its nodes are made: on this machine, or in a guest that holds the lab. */
  readonly here: Where;
  /** The machine that runs its guests, whose libvirt is asked. */
  readonly machine: Where;
}

export interface LabNode<S = unknown> {
  readonly name: string;
  readonly kind: string;
  readonly spec: S;
  /** The node's own stack first, then its inner namespaces in the order of the file. */
  readonly stacks: readonly Stack[];
  /** In the order in which the node sees them. */
  readonly ports: readonly Port[];
  readonly devices: readonly DeviceSpec[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  readonly sysctls: readonly Sysctl[];
  readonly rulesets: readonly NodeRuleset[];
  /** What runs in it for as long as the lab. */
  readonly programs: readonly NodeProgram[];
}

/** A device that a node builds inside its stack; the fields beyond these belong to its kind. */
interface DeviceSpec {
  readonly kind: string;
  readonly name: string;
}

/** A line of `verify`: one probe in one direction. */
export interface Check {
  readonly probe: string;
  /** `NODE:PORT`, `NODE/NAMESPACE:DEVICE`, `NODE` or `NODE/NAMESPACE`. */
  readonly from: string;
  readonly to: string;
  readonly expect: 'pass' | 'blocked';
  /** With `expect: blocked`: label of the hop where the frame must die. */
  readonly at: string | undefined;
  /** No other end of the lab may see it. */
  readonly nowhere_else: boolean;
}

/** What is done between two checks of `verify`. */
export interface LabStep {
  readonly does: 'cut' | 'plug';
  /** Ids of links. */
  readonly links: readonly string[];
  /** How many checks come before it. */
  readonly after: number;
  /** Pings that run across it, from an end of a check to another; `within` is the most time without an answer, in milliseconds. */
  readonly pings?: {
    readonly from: string;
    readonly to: string;
    readonly within: number | undefined;
  };
}

/** The link that a person means by its name, or by one of its ends. */
export const linkCalled = ({ links }: Pick<Lab, 'links'>, text: string): LabLink | undefined =>
  links.find(({ id }) => id === text) ??
  links.find(({ ends }) => ends.some(({ port }) => port.ref === text));

/** Can anything be done or seen inside a node? Not in a guest without an agent. */
export const hasInside = ({ spec }: Pick<LabNode, 'spec'>): boolean =>
  (spec as { agent?: boolean }).agent !== false;

/** Stands for this machine where a stack's id does, and for its lane of a plan. No node can have this name. */
export const THIS_HOST = '@host';

/** A network stack: a node's own (`sw1`) or an inner namespace (`sw1/c1`). */
export interface Stack {
  /** `NODE` or `NODE/NAMESPACE`; `THIS_HOST` is the machine's own. */
  readonly id: string;
  readonly namespace: string | undefined;
  readonly where: Where;
}

/** Where a link meets a node. */
export interface Port {
  /** `NODE:PORT`, unique in the lab. */
  readonly ref: string;
  readonly node: string;
  readonly name: string;
  readonly mac: string;
  readonly mtu: number | undefined;
  /** Others in its broadcast domain have its MAC too, and that is meant. */
  readonly duplicate?: boolean;
}

export interface Address {
  /** Id of the stack. */
  readonly stack: string;
  readonly device: string;
  /** Canonical text form without the prefix length. */
  readonly ip: string;
  readonly prefix: number;
  readonly family: 4 | 6;
  /** Others in its broadcast domain have it too, and that is meant. */
  readonly duplicate?: boolean;
}

export interface Route {
  readonly stack: string;
  readonly family: 4 | 6;
  /** Prefix, or `default`. */
  readonly to: string;
  readonly type: RouteType;
  readonly via: string | undefined;
  /** Where it leaves, also where the file leaves that to the next hop; none where packets end. */
  readonly device: string | undefined;
  /** Address that the stack's own packets get. */
  readonly src: string | undefined;
  readonly metric: number;
  readonly table: number;
}

/** Which table is looked into for which packets: ip-rule(8). */
export interface PolicyRule {
  readonly stack: string;
  readonly family: 4 | 6;
  /** Prefixes. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Device that the packet came by, `lo` where the stack sends it. */
  readonly iif: string | undefined;
  /** Device that the sending socket is bound to. */
  readonly oif: string | undefined;
  readonly priority: number;
  readonly table: number;
}

export interface Sysctl {
  readonly stack: string;
  readonly key: string;
  readonly value: string;
}

/** Rules of a packet filter, as nft(8) reads them from a file. */
export interface NodeRuleset {
  readonly stack: string;
  readonly text: string;
}

export interface LabLink<S = unknown> {
  /** The name that the file gives, or its first two ends: `linkIdOf`. */
  readonly id: string;
  readonly kind: string;
  readonly spec: S;
  readonly ends: readonly LinkEnd[];
  /** Pairs of indexes into `ends` that hear each other directly: one for a cable, each pair of a segment. */
  readonly cables: readonly (readonly [number, number])[];
  /** Its cable is pulled: no end of it has carrier. No file says so; see `cut.ts`. */
  readonly isCut?: true;
  /** The cables of its file, while somebody has patched it otherwise; see `patch.ts`. */
  readonly cablesInFile?: LabLink['cables'];
  /** How its kind was found, where the file left it to patchlab. */
  readonly choice?: LinkChoice;
}

/** Id of a link that the file gives no name: `sw1:eth1-sw2:eth1`. Further ends of a segment change nothing of it. */
export const linkIdOf = (ends: readonly string[]): string => ends.slice(0, 2).join('-');

/** Has the file given it a name? */
export const isNamed = ({ id, ends }: LabLink): boolean =>
  id !== linkIdOf(ends.map(({ port }) => port.ref));

/** Why `auto` became what it did. */
export interface LinkChoice {
  /** Classes that it had to carry. */
  readonly carries: readonly FrameClass[];
  readonly kind: string;
  /** Name of the variant of the kind. */
  readonly variant: string;
  /** Fields that make the variant. */
  readonly settings: object;
  /** What would have been cheaper, and why it would not do. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly kind: string;
  readonly variant: string;
  /** A sentence. */
  readonly why: string;
}

/** How a link's end reaches its node: a kernel device moved into its stack, a tap or macvtap that QEMU opens, or a datagram socket of QEMU. */
export type Via = 'netdev' | 'tap' | 'macvtap' | 'udp';

export interface LinkEnd extends ImpairedEnd {
  readonly port: Port;
  readonly stack: Stack;
  readonly via: Via;
}

/** Does something that belongs to a device of a stack belong to the port that a link ends at? */
export const isAt =
  ({ stack, port }: LinkEnd) =>
  (one: { readonly stack: string; readonly device: string | undefined }): boolean =>
    one.stack === stack.id && one.device === port.name;
