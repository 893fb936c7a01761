import type { OvsTree } from '../ovs-tree.js';
import type { Hop, HopSettings } from '../types.js';
import type { FlowRule } from './flow.js';
import type { GroupRule } from './group.js';
import type { Mirror } from './mirror.js';
import type { PortVlans } from './vlan-modes.js';

/** A bridge of Open vSwitch, as the model reads it. */
export interface OvsSettings extends HopSettings {
  readonly forwardBpdu: boolean;
  /** Ids of the ports that speak LLDP themselves. */
  readonly lldp: readonly string[];
  readonly flows: readonly FlowRule[];
  /** To which flows may hand frames. */
  readonly groups?: readonly GroupRule[];
  /** What it copies of frames. */
  readonly mirrors?: readonly Mirror[];
  /** Its ports by the ids of their hops. */
  readonly ports: Readonly<Record<string, OvsPort>>;
  /** Its part in a spanning tree. */
  readonly tree?: OvsTree | undefined;
  /** The datapath of the kernel hands frames on, which reads them whole whatever the MTU of the port is. */
  readonly isKernel?: true;
  /** Its datapath id, where controllers can know it by one: 16 hexadecimal digits. */
  readonly datapath?: string;
  /** Controllers that may change its flows at any time. */
  readonly controllers?: readonly string[];
}

interface OvsPort {
  /** Of OpenFlow. */
  readonly number: number;
  readonly vlans: PortVlans;
  /** It is joined to another bridge and is no device: it has neither an MTU nor a buffer. */
  readonly isPatch?: true;
}

/** OpenFlow number of the port that a frame enters by. */
export const numberOf = (
  { settings }: Hop<OvsSettings>,
  port: Hop | undefined,
): number | undefined => port && settings.ports[port.id]?.number;
