import type { OvsSettings } from '../hops/openflow/settings.js';
import type { OvsTree } from '../hops/ovs-tree.js';
import { wireEdge, type HopFragment } from '../hops/types.js';
import { ovsPort } from '../plan/resources/kinds/ovs-port.js';
import type { Resource } from '../plan/resources/define.js';
import type { DeviceContext, Made, Mention } from './define.js';
import { parseLocal } from './local.js';
import { portId } from './ovs-mirrors.js';
import { portNumbers, vlanColumns, vlansOfPort, type OvsDeviceSpec } from './ovs-options.js';
import { treeOfPort } from './ovs-tree.js';

/** Ports of a bridge of Open vSwitch in a node: devices, and patch ports, which are none. ovs-vswitchd.conf.db(5) Interface, `type`. */

type Spec = Pick<OvsDeviceSpec, 'name' | 'ports'>;
type Patch = Spec['ports'][number] & { readonly peer: string };

const isPatch = (port: Spec['ports'][number]): port is Patch => port.peer !== undefined;

const at = (index: number, ...path: readonly string[]) => ['ports', index, ...path];

/** The patch ports, which it brings into being itself. */
export const patchPorts = ({ ports }: Spec): readonly Made[] =>
  ports.flatMap((port, index) =>
    isPatch(port)
      ? [{ ...parseLocal(port.port), path: at(index, 'port'), mac: undefined, noDevice: true }]
      : [],
  );

/** The devices that it takes. */
export const takenPorts = ({ ports }: Spec): readonly Mention[] =>
  ports.flatMap((port, index) =>
    isPatch(port) ? [] : [{ ...parseLocal(port.port), path: at(index) }],
  );

/** What its ports are made of. */
export function portResources(
  spec: Spec,
  context: DeviceContext,
  tree: OvsTree | undefined,
): readonly Resource[] {
  const self = parseLocal(spec.name);
  const { stack: _stack, ...place } = context.inside(self.namespace);
  const hop = context.hopId(self);
  const numbers = portNumbers(spec.ports);
  return spec.ports.map((port) => {
    const local = parseLocal(port.port);
    const id = context.hopId(local);
    const number = numbers.get(port.port) ?? 0;
    return ovsPort.of({
      ...{ ...place, id: `ovs ${hop} ${local.name}` },
      ...(isPatch(port)
        ? { makes: [id, portId(spec, context, port.port)], in: [hop] }
        : { makes: [portId(spec, context, port.port)], in: [hop, id] }),
      wanted: {
        ...{ bridge: self.name, device: local.name, lab: context.lab, number },
        ofInterface: [
          ...(isPatch(port) ? ['type=patch', `options:peer=${parseLocal(port.peer).name}`] : []),
          `lldp:enable=${port.lldp}`,
        ],
        ofPort: [...vlanColumns(port), ...treeOfPort(tree, id)],
      },
      why: isPatch(port)
        ? `join port ${number} of ${spec.name}, ${port.port}, to ${port.peer}`
        : `plug ${port.port} into port ${number} of ${spec.name}`,
    });
  });
}

/** Its ports as the model reads them, by the ids of their hops. */
export function portSettings({ ports }: Spec, context: DeviceContext): OvsSettings['ports'] {
  const numbers = portNumbers(ports);
  return Object.fromEntries(
    ports.map((port) => [
      context.hopId(parseLocal(port.port)),
      {
        ...{ number: numbers.get(port.port) ?? 0, vlans: vlansOfPort(port) },
        ...(isPatch(port) && { isPatch: true }),
      },
    ]),
  );
}

/** The hops of its patch ports and what joins them; what it makes of the devices that it takes. */
export function patchHops(spec: Spec, context: DeviceContext): HopFragment {
  const patches = spec.ports.filter(isPatch).map(({ port, peer }) => ({
    hop: context.hop(parseLocal(port), 'ovs-patch', { noDevice: true }),
    peer: context.hopId(parseLocal(peer)),
  }));
  return {
    hops: patches.map(({ hop }) => hop),
    // Both ends tell of it, and it is joined once.
    edges: patches.flatMap(({ hop: { id }, peer }) => (id < peer ? [wireEdge(id, peer)] : [])),
    // Open vSwitch makes its ports promiscuous (net/openvswitch/vport-netdev.c, ovs_netdev_link).
    amends: Object.fromEntries(
      takenPorts(spec).map((port) => [context.hopId(port), { promisc: true }]),
    ),
  };
}
