import { once } from '../once.js';
import { covers, destination } from '../topology/address.js';
import { TABLES } from '../topology/tables.js';
import { ANY_FACTS, type PlanFacts } from '../links/define.js';
import { hasOwnSwitch } from '../own-switch.js';
import { hopId } from '../hops/graph.js';
import { macAddress, secret } from '../plan/names.js';
import { DEFAULT_MTU } from '../plan/resources/host-device.js';
import { deviceKind, nodeKind } from '../topology/kinds.js';
import type { Lab, LabNode } from '../topology/lab.js';
import type { DeviceContext, LocalDevice, Made } from './define.js';
import { localText, parseLocal } from './local.js';

/** Octets of a VLAN tag. */
const TAG = 4;

/** The name of the daemon of a stack among what a lab makes. */
export const daemonId = (stack: string): string => `${stack} daemon`;

/** What the devices of a node may know of it while they are planned. */
export function deviceContext(
  lab: Lab,
  node: LabNode,
  facts: Pick<PlanFacts, 'ovsDatapath'> = ANY_FACTS,
): DeviceContext {
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
    const below = made?.mtu === undefined && made?.mtuOf ? mtu(made.mtuOf, above) : made?.mtu;
    if (!made || made.mtu !== undefined) return below;
    const isTight = made.isTagging && made.mtuOf && known().get(localText(made.mtuOf))?.isTight;
    const less = (made.less ?? 0) + (isTight ? TAG : 0);
    return less === 0 ? below : (below ?? DEFAULT_MTU) - less;
  };
  const isNic = ({ namespace, name }: LocalDevice): boolean =>
    namespace === undefined &&
    nodeKind(node.kind).nics !== undefined &&
    node.ports.some((port) => port.name === name);
  return {
    lab: lab.name,
    ...{ mac, mtu: (device: LocalDevice) => mtu(device), isNic },
    secret: ({ namespace, name }, octets, purpose) =>
      secret(octets, lab.name, node.name, namespace ?? '', name, purpose),
    other(ref) {
      const found = madeAt(lab, ref);
      return found && { spec: found.spec as never, context: deviceContext(lab, found.node, facts) };
    },
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
    openVswitch(namespace) {
      const { id, where } = stackOf(namespace);
      return hasOwnSwitch(where)
        ? { datapath: facts.ovsDatapath, in: [id, daemonId(id)] }
        : { datapath: 'system', in: [id] };
    },
  };
}

/** A device that a node of a lab makes, by its place: `node:device` or `node/namespace:device`; nothing where there is none. */
export function madeAt(
  { nodes }: Pick<Lab, 'nodes'>,
  ref: string,
): { readonly node: LabNode; readonly spec: LabNode['devices'][number] } | undefined {
  const [place = '', name = ''] = ref.split(':');
  const [nodeName, namespace] = place.split('/');
  const node = nodes.find((one) => one.name === nodeName);
  const text = localText({ namespace, name });
  const spec = node?.devices.find((one) => localText(parseLocal(one.name)) === text);
  return node && spec && { node, spec };
}

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
