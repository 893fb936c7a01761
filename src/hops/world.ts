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
}

/** What hops ask of the lab around them: what was learnt, what spanning tree has decided, what packet filters do. */
export interface World {
  readonly memory: Memory;
  /** The drop of a frame that would enter or leave a switch by a port that spanning tree blocks; nothing where both forward. */
  blocked(bridge: Hop, from: Hop | undefined, to: Hop | undefined): Forwarding | undefined;
  /** The packet filters that the file gives stacks. */
  readonly filters: Filters;
}

/** An empty memory. It takes room with the first thing that is learnt: most conversations meet no switch. */
export function createMemory(): Memory {
  let ports: Map<string, string> | undefined;
  const key = (bridge: Hop, vlan: number, mac: string): string => `${bridge.id} ${vlan} ${mac}`;
  return {
    portFor: (bridge, vlan, mac) => ports?.get(key(bridge, vlan, mac)),
    learn: (bridge, vlan, mac, port) =>
      void (ports ??= new Map<string, string>()).set(key(bridge, vlan, mac), port),
  };
}

/** A memory that stays empty. */
const FORGETFUL: Memory = { portFor: () => undefined, learn: () => undefined };

/** A world in which nothing was learnt, nothing is blocked and nothing filtered. */
export const NEW_WORLD: World = {
  ...{ memory: FORGETFUL, blocked: () => undefined, filters: new Map<string, never>() },
};
