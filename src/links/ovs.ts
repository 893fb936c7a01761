import type { HopEdge, HopFragment } from '../hops/types.js';
import { macAddress, numbersFor } from '../plan/names.js';
import { LOCAL, type Step } from '../plan/step.js';
import { THIS_HOST, type Lab, type LinkEnd } from '../topology/lab.js';
import type { SwitchPort } from './switch-port.js';

/** Bridges of Open vSwitch on the host: ovs-vsctl(8), ovs-ofctl(8). Without the datapath of the kernel they run in userspace. */

const ON_HOST = { lane: THIS_HOST, where: LOCAL } as const;

/** The highest OpenFlow number that a port can have (OFPP_MAX - 1, openflow/openflow-1.0.h). */
const PORTS = 0xfeff;

/** OpenFlow numbers of the ports of a bridge, by their references: derived from these, so that they stay when ports are added. */
export const openFlowNumbers = (ports: readonly string[]): ((ref: string) => number) =>
  numbersFor(ports, PORTS);

/** A bridge that does nothing until flows are added. `settings` are more columns of the table Bridge. */
export function makeOvsBridge(
  lab: Lab,
  bridge: string,
  datapath: string,
  why: string,
  settings: readonly string[] = [],
): Step {
  return {
    ...ON_HOST,
    id: `ovs ${bridge}`,
    stage: 'switches',
    do: {
      tool: 'ovs-vsctl',
      args: [
        ...['add-br', bridge, '--', 'set', 'bridge', bridge, `datapath_type=${datapath}`],
        ...['fail_mode=secure', `external_ids:patchlab=${lab.name}`],
        ...[`other_config:hwaddr="${macAddress(lab.name, bridge)}"`, ...settings],
      ],
    },
    undo: { tool: 'ovs-vsctl', args: ['del-br', bridge] },
    owns: { type: 'ovs-bridge', name: bridge },
    why,
  };
}

/**
 * Make a device a port of a bridge.
 * @param port - its OpenFlow number
 * @param settings - more columns of the table Interface
 * @param ofPort - columns of the table Port
 */
export function plugIntoOvs(
  lab: Lab,
  bridge: string,
  device: string,
  port: number,
  settings: readonly string[] = [],
  ofPort: readonly string[] = [],
): Step {
  return {
    ...ON_HOST,
    id: `ovs ${bridge} ${device}`,
    stage: 'switches',
    do: {
      tool: 'ovs-vsctl',
      args: [
        ...['add-port', bridge, device, '--', 'set', 'interface', device],
        ...[`ofport_request=${port}`, `external_ids:patchlab=${lab.name}`, ...settings],
        ...(ofPort.length === 0 ? [] : ['--', 'set', 'port', device, ...ofPort]),
      ],
    },
    why: `plug ${device} into port ${port} of the bridge`,
  };
}

/** Add a flow. `id` tells it from the others of the bridge. */
export const addFlow = (bridge: string, id: string, flow: string, why: string): Step => ({
  ...ON_HOST,
  id: `flow ${bridge} ${id}`,
  stage: 'flows',
  do: { tool: 'ovs-ofctl', bridge, flow },
  why,
});

/** The userspace datapath hands on unfinished checksums as they are, so a namespace must finish its own: TCP would not pass. */
export const finishChecksums = ({ port, stack, via }: LinkEnd): readonly Step[] =>
  via === 'netdev'
    ? [
        {
          id: `checksums ${port.ref}`,
          stage: 'attach',
          lane: port.node,
          where: stack.where,
          do: { tool: 'exec', argv: ['ethtool', '-K', port.name, 'tx', 'off'] },
          why: `let ${port.ref} finish its checksums itself: the datapath does not`,
        },
      ]
    : [];

/** The hops of all ports, and what joins them. */
export const portHops = (ports: readonly SwitchPort[]): HopFragment => ({
  hops: ports.flatMap((port) => port.hops.hops),
  edges: ports.flatMap((port): readonly HopEdge[] => port.hops.edges),
});
