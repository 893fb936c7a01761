import { once } from '../once.js';
import { covers, destination } from '../topology/address.js';
import { TABLES } from '../topology/tables.js';
import { hopId } from '../hops/graph.js';
import { macAddress } from '../plan/names.js';
import { DEFAULT_MTU } from '../plan/resources/host-device.js';
import { deviceKind, nodeKind } from '../topology/kinds.js';
import type { Lab, LabNode } from '../topology/lab.js';
import type { DeviceContext, LocalDevice, Made, OtherDevice } from './define.js';
import { localText, parseLocal } from './local.js';

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
  /** @param above - those whose MTU leaves room in its: where a tunnel leads over itself there is no end to that */
  const mtu = (device: LocalDevice, above: readonly string[] = []): number | undefined => {
    const name = localText(device);
    const made = known().get(name);
    const { carried } = made ?? {};
    if (carried && !above.includes(name)) {
      const below = carried.by ?? leavesBy(node, stackOf(device.namespace).id, carried.towards);
      const room =
        (below && mtu({ namespace: device.namespace, ...below }, [...above, name])) ?? DEFAULT_MTU;
      // Beyond what the device that is named has room for, the kernel cuts it down.
      const most = room - carried.overhead;
      return carried.by ? Math.min(made?.mtu ?? most, most) : (made?.mtu ?? most);
    }
    return made?.mtu ?? (made?.mtuOf && mtu(made.mtuOf, above));
  };
  const isNic = ({ namespace, name }: LocalDevice): boolean =>
    namespace === undefined &&
    nodeKind(node.kind).nics !== undefined &&
    node.ports.some((port) => port.name === name);
  return {
    lab: lab.name,
    other: (ref) => devicesByRef(lab).get(ref),
    ...{ mac, mtu: (device: LocalDevice) => mtu(device), isNic },
    addresses: ({ namespace, name }) =>
      node.addresses.flatMap(({ stack, device, ip }) =>
        device === name && stack === stackOf(namespace).id ? [ip] : [],
      ),
    hopId: ({ namespace, name }) => hopId(stackOf(namespace).id, name),
    hop({ namespace, name }, kind, settings) {
      const { id: stack, where } = stackOf(namespace);
      const label = `${stack}:${name}`;
      const size = mtu({ namespace, name });
      const isLayer3 = known().get(localText({ namespace, name }))?.isLayer3 === true;
      const own = {
        ...(isLayer3 ? { isLayer3 } : { mac: mac({ namespace, name }) }),
        ...(size !== undefined && { mtu: size }),
      };
      const place = { id: hopId(stack, name), kind, stack, where, device: name, label };
      return { ...place, settings: { ...own, ...settings } };
    },
    inside(namespace) {
      const { id: stack, where } = stackOf(namespace);
      return { stack, where, lane: node.name };
    },
  };
}

const byRef = new WeakMap<Lab, ReturnType<typeof readDevices>>();

/** The devices that the nodes of a lab make, each by its stack and name. */
function devicesByRef(lab: Lab): ReturnType<typeof readDevices> {
  const known = byRef.get(lab) ?? readDevices(lab);
  byRef.set(lab, known);
  return known;
}

const readDevices = ({ nodes }: Lab) =>
  new Map<string, OtherDevice>(
    nodes.flatMap((node) =>
      node.devices.map((spec) => {
        const { namespace, name } = parseLocal(spec.name);
        const stack = namespace === undefined ? node.name : `${node.name}/${namespace}`;
        const own = node.addresses.filter((one) => one.stack === stack && one.device === name);
        return [`${stack}:${name}`, { spec, stack, addresses: own.map(({ ip }) => ip) }] as const;
      }),
    ),
  );

/** The device by which a stack sends what is for an address, by its table `main`: the longest prefix decides. */
function leavesBy(
  { addresses, routes }: LabNode,
  stack: string,
  ip: string | undefined,
): { readonly name: string } | undefined {
  if (ip === undefined) return undefined;
  const ways = [
    ...addresses.map((one) => ({ ...one, way: { ...one } })),
    ...routes
      .filter(({ table }) => table === TABLES.main)
      .map((one) => ({ ...one, way: destination(one.to, one.family) })),
  ].filter((one) => one.stack === stack && covers(one.way, ip));
  const [best] = ways.toSorted((a, b) => b.way.prefix - a.way.prefix);
  return best?.device === undefined ? undefined : { name: best.device };
}

const portsOf = ({ ports }: LabNode): readonly Made[] =>
  ports.map(({ name, mac, mtu }) => ({ name, namespace: undefined, path: [], mac, mtu }));

const madeIn = ({ devices }: LabNode): readonly Made[] =>
  devices.flatMap((spec) => deviceKind(spec.kind).makes(spec as never));
