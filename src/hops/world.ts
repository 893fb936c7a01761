import type { Impairment } from '../topology/impairment.js';
import type { Frame } from '../frames/frame.js';
import type { Model } from './emit.js';
import type { Filters } from './filtering.js';
import type { Forwarding, Hop } from './types.js';

/** What devices have learnt from the frames of a conversation so far. */
export interface Memory {
  /**
   * Id of the port by which a switch has last received something from a MAC.
   * @param vlan - VLAN in which it was received; 0 where the switch knows no VLANs
   */
  readonly portFor: (bridge: Hop, vlan: number, mac: string) => string | undefined;
  readonly learn: (bridge: Hop, vlan: number, mac: string, port: string) => void;
  /**
   * Ids of the ports by which a bridge has heard that somebody is in a group, by its IP address; nothing for a group that
   * nobody follows: its members have joined before the conversation.
   */
  readonly portsOf: (bridge: Hop, vlan: number, group: string) => ReadonlySet<string> | undefined;
  readonly join: (bridge: Hop, vlan: number, group: string, port: string) => void;
  /** From here on, who is in a group is what bridges hear of it. */
  readonly follow: (group: string) => void;
}

/**
 * By what a device is told whether a member is alive. `carrier`: it has one. `arp`: somebody hears what is asked by it.
 * `nd`: the same, by a neighbour solicitation of IPv6.
 */
export type LinkWatch = 'carrier' | 'arp' | 'nd';

/** How a device uses its members, which stand in for each other. Members are ids of hops. */
export interface Membership {
  readonly members: readonly string[];
  /** What tells of each, by its id: one word for it is enough. A member of which nothing tells is taken to be alive. */
  readonly watches: Readonly<Record<string, readonly LinkWatch[]>>;
  /** Those that it uses, of those that are alive. */
  uses(alive: readonly string[]): readonly string[];
  /**
   * The same where it agrees with its partner on them: LACP.
   * @param aggregates - members that are alive and hear the same partner, in the order of their first
   */
  agrees?(aggregates: readonly (readonly string[])[], alive: readonly string[]): readonly string[];
}

/** The members that bonds use, by the ids of the hops of the bonds. */
export type Bundles = ReadonlyMap<string, readonly string[]>;

/** A querier for the members of groups that a bridge hears: RFC 4541, 2.1. */
export interface HeardQuerier {
  /** Ids of the ports by which it is heard, which lead to a router for the bridge. */
  readonly ports: ReadonlySet<string>;
  /** Does it ask for groups of IPv6 too, as soon as it has an address to ask from? */
  readonly asksIpv6: boolean;
}

/** A packet that a stack hands on: to another of its devices, or to an end of a tunnel; to nobody where it drops it. */
export interface HandedOn {
  readonly to: Hop | undefined;
  readonly result: Forwarding;
}

/**
 * What IP stacks do with a packet in which a frame travels. The stack of a hop has received it by that device, or sends it
 * for that end of a tunnel. Nothing where the stack has nothing to do with it.
 */
export type Underlay = (model: Model, at: Hop, frame: Frame) => readonly HandedOn[];

/** What hops ask of the lab around them: what was learnt, what spanning tree, carrier and LACP have decided, what packet filters do, where stacks send packets, what impairs it. */
export interface World {
  readonly memory: Memory;
  /** What becomes of a frame that would enter or leave a switch by a port that spanning tree blocks, or may; nothing where both forward. */
  blocked(bridge: Hop, from: Hop | undefined, to: Hop | undefined): Forwarding | undefined;
  /** Which members bonds use; empty where that is not known yet. */
  readonly bundles: Bundles;
  /** Has a device carrier, by the id of its hop, as the topology has it? */
  readonly hasCarrier: (id: string) => boolean;
  /** The queriers that bridges hear, by the ids of the hops of the bridges. */
  readonly queriers: ReadonlyMap<string, HeardQuerier>;
  /** The packet filters that the file gives stacks. */
  readonly filters: Filters;
  readonly underlay: Underlay;
  /** What is done to frames that devices send, by the ids of their hops. */
  readonly impairments: ReadonlyMap<string, Impairment>;
}

/** An empty memory. It takes room with the first thing that is learnt: most conversations meet no switch. */
export function createMemory(): Memory {
  let ports: Map<string, string> | undefined;
  const groups = new Map<string, Map<string, Set<string>>>();
  const key = (bridge: Hop, vlan: number, mac: string): string => `${bridge.id} ${vlan} ${mac}`;
  return {
    portFor: (bridge, vlan, mac) => ports?.get(key(bridge, vlan, mac)),
    learn: (bridge, vlan, mac, port) =>
      void (ports ??= new Map<string, string>()).set(key(bridge, vlan, mac), port),
    portsOf: (bridge, vlan, group) => {
      const members = groups.get(group);
      return members && (members.get(key(bridge, vlan, '')) ?? NOBODY);
    },
    join(bridge, vlan, group, port) {
      const members = groups.get(group);
      const at = key(bridge, vlan, '');
      members?.set(at, new Set([...(members.get(at) ?? NOBODY), port]));
    },
    follow: (group) => void groups.set(group, groups.get(group) ?? new Map<string, Set<string>>()),
  };
}

const NOBODY: ReadonlySet<string> = new Set();

/** A memory that stays empty. */
const FORGETFUL: Memory = {
  ...{ portFor: () => undefined, learn: () => undefined },
  ...{ portsOf: () => undefined, join: () => undefined, follow: () => undefined },
};

/** A world in which nothing was learnt, nothing is blocked and nothing filtered. */
export const NEW_WORLD: World = {
  ...{ memory: FORGETFUL, blocked: () => undefined, hasCarrier: () => true },
  ...{ bundles: new Map<string, never>(), filters: new Map<string, never>() },
  ...{ queriers: new Map<string, never>() },
  ...{ underlay: () => [], impairments: new Map<string, never>() },
};
