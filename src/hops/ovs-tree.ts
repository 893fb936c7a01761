import type { TreeBridge } from './tree.js';

/** Spanning tree of an Open vSwitch bridge: ovs-vswitchd.conf.db(5), `stp_enable` and `rstp_enable`. */

/** The protocols that it speaks. */
export type TreeProtocol = 'stp' | 'rstp';

/** The part of an Open vSwitch bridge in a spanning tree. */
export interface OvsTree {
  readonly protocol: TreeProtocol;
  readonly priority: number;
  /** The lower half of its identifier. */
  readonly mac: string;
  /** By the id of the port's hop. */
  readonly ports: Readonly<Record<string, OvsTreePort>>;
}

interface OvsTreePort {
  /** Of the spanning tree; not that of OpenFlow. */
  readonly number: number;
  readonly priority: number;
  /** By the speed of the device when left out. */
  readonly cost?: number | undefined;
}

/** Identifiers as lib/stp.c and lib/rstp.c of Open vSwitch make them; RSTP has costs of its own. */
export const ovsTreeOf = ({ protocol, priority, mac, ports }: OvsTree): TreeBridge => ({
  id: `${priority.toString(16).padStart(4, '0')}.${mac}`,
  ports: Object.entries(ports).map(([hop, { number, priority, cost }]) => ({
    ...{ hop, id: priority * 256 + number, cost },
  })),
  costs: protocol === 'rstp' ? 'long' : 'short',
});
