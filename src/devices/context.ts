import { hopId } from '../hops/graph.js';
import { macAddress } from '../plan/names.js';
import { deviceKind, nodeKind } from '../topology/kinds.js';
import type { Lab, LabNode } from '../topology/lab.js';
import type { DeviceContext, LocalDevice } from './define.js';

const key = ({ namespace, name }: LocalDevice): string => `${namespace ?? ''}:${name}`;

/** What the devices of a node may know of it while they are planned. */
export function deviceContext(lab: Lab, node: LabNode): DeviceContext {
  const written = new Map(
    node.devices.flatMap((spec) =>
      deviceKind(spec.kind)
        .makes(spec as never)
        .map((device) => [key(device), device.mac] as const),
    ),
  );
  for (const port of node.ports)
    written.set(key({ namespace: undefined, name: port.name }), port.mac);
  const stackOf = (namespace: string | undefined) => {
    const stack = node.stacks.find((candidate) => candidate.namespace === namespace);
    if (!stack) throw new RangeError(`${node.name} has no namespace ${namespace ?? ''}`);
    return stack;
  };
  const mac = (device: LocalDevice): string =>
    written.get(key(device)) ??
    macAddress(lab.name, node.name, device.namespace ?? '', device.name);
  const isNic = ({ namespace, name }: LocalDevice): boolean =>
    namespace === undefined &&
    nodeKind(node.kind).nics !== undefined &&
    node.ports.some((port) => port.name === name);
  return {
    ...{ mac, isNic },
    hopId: ({ namespace, name }) => hopId(stackOf(namespace).id, name),
    hop({ namespace, name }, kind, settings) {
      const { id: stack, where } = stackOf(namespace);
      const label = `${stack}:${name}`;
      return { id: hopId(stack, name), kind, stack, where, device: name, label, settings };
    },
    inside(namespace) {
      const { id: stack, where } = stackOf(namespace);
      return { stack, where, lane: node.name };
    },
  };
}
