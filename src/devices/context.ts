import { once } from '../once.js';
import { hopId } from '../hops/graph.js';
import { macAddress } from '../plan/names.js';
import { deviceKind, nodeKind } from '../topology/kinds.js';
import type { Lab, LabNode } from '../topology/lab.js';
import type { DeviceContext, LocalDevice, Made } from './define.js';
import { localText } from './local.js';

/** What the devices of a node may know of it while they are planned. */
export function deviceContext(lab: Lab, node: LabNode): DeviceContext {
  const known = once(
    () => new Map([...portsOf(node), ...madeIn(node)].map((device) => [localText(device), device])),
  );
  const stackOf = (namespace: string | undefined) => {
    const stack = node.stacks.find((candidate) => candidate.namespace === namespace);
    if (!stack) throw new RangeError(`${node.name} has no namespace ${namespace ?? ''}`);
    return stack;
  };
  const mac = (device: LocalDevice): string => {
    const made = known().get(localText(device));
    if (made?.mac === undefined && made?.macOf) return mac(made.macOf);
    return made?.mac ?? macAddress(lab.name, node.name, device.namespace ?? '', device.name);
  };
  const mtu = (device: LocalDevice): number | undefined => {
    const made = known().get(localText(device));
    return made?.mtu ?? (made?.mtuOf && mtu(made.mtuOf));
  };
  const isNic = ({ namespace, name }: LocalDevice): boolean =>
    namespace === undefined &&
    nodeKind(node.kind).nics !== undefined &&
    node.ports.some((port) => port.name === name);
  return {
    ...{ mac, mtu, isNic },
    addresses: ({ namespace, name }) =>
      node.addresses.flatMap(({ stack, device, ip }) =>
        device === name && stack === stackOf(namespace).id ? [ip] : [],
      ),
    hopId: ({ namespace, name }) => hopId(stackOf(namespace).id, name),
    hop({ namespace, name }, kind, settings) {
      const { id: stack, where } = stackOf(namespace);
      const label = `${stack}:${name}`;
      const size = mtu({ namespace, name });
      const own = { mac: mac({ namespace, name }), ...(size !== undefined && { mtu: size }) };
      const place = { id: hopId(stack, name), kind, stack, where, device: name, label };
      return { ...place, settings: { ...own, ...settings } };
    },
    inside(namespace) {
      const { id: stack, where } = stackOf(namespace);
      return { stack, where, lane: node.name };
    },
  };
}

const portsOf = ({ ports }: LabNode): readonly Made[] =>
  ports.map(({ name, mac, mtu }) => ({ name, namespace: undefined, path: [], mac, mtu }));

const madeIn = ({ devices }: LabNode): readonly Made[] =>
  devices.flatMap((spec) => deviceKind(spec.kind).makes(spec as never));
