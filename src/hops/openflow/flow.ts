/** Flows of OpenFlow as the model reads them: ovs-fields(7), ovs-actions(7), ovs-ofctl(8) `Flow Syntax`. */

/** What a flow demands of one field of a frame. */
export interface FieldMatch {
  /** Its name in ovs-fields(7), the same for all that means the same: `dl_vlan`. */
  readonly field: string;
  /** As it is written, in lower case. */
  readonly value: string;
}

/** Reserved ports by which a frame may leave. */
export type ReservedPort = 'normal' | 'flood' | 'all' | 'in_port';

/** One action. */
export type FlowAction =
  /** Sent by a port, by its OpenFlow number. */
  | { readonly do: 'output'; readonly port: number }
  /** The reserved ports: ovs-actions(7). */
  | { readonly do: ReservedPort }
  | { readonly do: 'controller' }
  | { readonly do: 'drop' }
  /** The VLAN is set, in a new tag where there is none; without one the outer tag is taken off. */
  | { readonly do: 'set-vlan'; readonly id: number | undefined }
  | { readonly do: 'push-vlan'; readonly tpid: number }
  | { readonly do: 'set-mac'; readonly which: 'src' | 'dst'; readonly mac: string }
  /** Handed to a group, by its number. */
  | { readonly do: 'group'; readonly id: number }
  /** Go on in a table, and come back where `isCall`. A table that is left out is the same one. */
  | {
      readonly do: 'table';
      readonly table: number | undefined;
      readonly port: number | undefined;
      readonly isCall: boolean;
    }
  /** What the model does not know. */
  | { readonly do: 'unknown'; readonly text: string };

/** A flow. */
export interface FlowRule {
  readonly table: number;
  readonly priority: number;
  readonly match: readonly FieldMatch[];
  readonly actions: readonly FlowAction[];
  /** As ovs-ofctl(8) would have it, for people. */
  readonly text: string;
}

/** The number of the bridge's own device (OFPP_LOCAL, openflow/openflow-1.0.h). */
export const LOCAL_PORT = 0xfffe;

/** All versions of OpenFlow that Open vSwitch speaks, as ovs-ofctl(8) `-O` has them. */
export const OPENFLOW_VERSIONS = [
  'OpenFlow10',
  'OpenFlow11',
  'OpenFlow12',
  'OpenFlow13',
  'OpenFlow14',
  'OpenFlow15',
] as const;
export const VERSIONS: string = OPENFLOW_VERSIONS.join(',');
