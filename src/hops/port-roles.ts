import type { Hop } from './types.js';

/** What spanning tree makes of the ports of bridges. */

/**
 * `root`: towards the root. `designated`: the segment's way to the root. `blocked`: neither. `guarded`: disabled by a BPDU.
 * `held`: it would be a way to the root, and may not. `raced`: forwarding or not, by which of two bridges spoke first.
 */
export type PortRole =
  'root' | 'designated' | 'blocked' | 'disabled' | 'guarded' | 'held' | 'raced';

/** What spanning tree has made of one bridge. */
export interface BridgeInTree {
  readonly hop: Hop;
  /** The bridge with the lowest identifier of all that hear each other. */
  readonly root: Hop;
  /** What the way to the root costs. */
  readonly cost: number;
  /** By the id of the port's hop. */
  readonly roles: ReadonlyMap<string, PortRole>;
  /** Ids of the hops of the guarded ports that decide by a race, by the id of each `raced` port's hop. */
  readonly races?: ReadonlyMap<string, readonly string[]>;
}

/** By the id of the bridge's hop. */
export type SpanningTree = ReadonlyMap<string, BridgeInTree>;
