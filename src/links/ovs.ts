import { hopId } from '../hops/graph.js';
import type { HopEdge, HopFragment } from '../hops/types.js';
import { macAddress, numbersFor } from '../plan/names.js';
import { onHost, type Resource } from '../plan/resources/define.js';
import { checksums } from '../plan/resources/kinds/checksums.js';
import { flow } from '../plan/resources/kinds/flow.js';
import { ovsBridge } from '../plan/resources/kinds/ovs-bridge.js';
import { ovsPort } from '../plan/resources/kinds/ovs-port.js';
import { THIS_HOST, type Lab, type LinkEnd } from '../topology/lab.js';
import type { HostDevice } from './devices.js';
import type { SwitchPort } from './switch-port.js';

/** Bridges of Open vSwitch on the host: ovs-vsctl(8), ovs-ofctl(8). Without the datapath of the kernel they run in userspace. */

/** Why only a machine's own root has one. */
export const OF_MACHINE = {
  notInGuest: 'there is no Open vSwitch in a guest',
  notRootless:
    "Open vSwitch takes orders from the machine's root alone, and makes nothing in a user's own namespaces",
} as const;

/** The highest OpenFlow number that a port can have (OFPP_MAX - 1, openflow/openflow-1.0.h). */
const PORTS = 0xfeff;

/** OpenFlow numbers of the ports of a bridge, by their references: derived from these, so that they stay when ports are added. */
export const openFlowNumbers = (ports: readonly string[]): ((ref: string) => number) =>
  numbersFor(ports, PORTS);

/** A bridge that does nothing until flows are added. `columns` are more of the table Bridge. */
export const panelBridge = (
  lab: Lab,
  name: string,
  datapath: string,
  why: string,
  columns: readonly string[] = [],
): Resource =>
  ovsBridge.of({
    ...onHost(lab),
    id: `ovs ${name}`,
    wanted: { name, lab: lab.name, datapath, mac: macAddress(lab.name, name), columns },
    makes: [hopId(THIS_HOST, name)],
    why,
  });

/**
 * A device of the host as a port of a bridge.
 * @param number - its OpenFlow number
 * @param columns - more of the tables Interface and Port
 */
export const panelPort = (
  lab: Lab,
  bridge: string,
  { device, hop }: HostDevice,
  number: number,
  columns: { readonly ofInterface?: readonly string[]; readonly ofPort?: readonly string[] } = {},
): Resource => {
  const { ofInterface = [], ofPort = [] } = columns;
  return ovsPort.of({
    ...onHost(lab),
    id: `ovs ${bridge} ${device}`,
    wanted: { bridge, device, lab: lab.name, number, ofInterface, ofPort },
    in: [hopId(THIS_HOST, bridge)],
    needs: [hop],
    why: `plug ${device} into port ${number} of the bridge`,
  });
};

/** A flow. `id` tells it from the others of the bridge. */
export const panelFlow = (
  lab: Lab,
  bridge: string,
  id: string,
  match: string,
  actions: string,
  why: string,
): Resource =>
  flow.of({
    ...onHost(lab),
    id: `flow ${bridge} ${id}`,
    wanted: { bridge, match, actions },
    in: [hopId(THIS_HOST, bridge)],
    why,
  });

/** The userspace datapath hands on unfinished checksums as they are, so a namespace must finish its own: TCP would not pass. */
export const finishChecksums = ({ port, stack, via }: LinkEnd): readonly Resource[] =>
  via === 'netdev'
    ? [
        checksums.of({
          id: `checksums ${port.ref}`,
          lane: port.node,
          where: stack.where,
          wanted: { device: port.name },
          in: [hopId(stack.id, port.name)],
          why: `let ${port.ref} finish its checksums itself: the datapath does not`,
        }),
      ]
    : [];

/** The hops of all ports, and what joins them. */
export const portHops = (ports: readonly SwitchPort[]): HopFragment => ({
  hops: ports.flatMap((port) => port.hops.hops),
  edges: ports.flatMap((port): readonly HopEdge[] => port.hops.edges),
});
