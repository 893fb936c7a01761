import type { LocalDevice } from '../devices/define.js';
import { covers, samePrefix } from '../topology/address.js';
import { deviceKind } from '../topology/kinds.js';
import { groupBy } from '../group-by.js';
import { hopId, type HopGraph } from '../hops/graph.js';
import type { Resource } from './resources/define.js';
import { joiningOf } from './resources/kinds/member.js';
import { address } from './resources/kinds/address.js';
import { deviceState, upId } from './resources/kinds/device-state.js';
import { route } from './resources/kinds/route.js';
import { rule } from './resources/kinds/rule.js';
import type { Address, LabNode, Route, Stack } from '../topology/lab.js';
import { routeWords, ruleWords } from './routing.js';
import { inTurn } from './up-order.js';

/** What is in one stack of a node: addresses, devices that are up, routes, rules. */

/** Names of the devices in a stack of a node: its ports, and what is made there; not `lo`, which every stack has. */
export const devicesIn = ({ ports, devices }: LabNode, { namespace }: Stack): readonly string[] => [
  ...(namespace === undefined ? ports.map(({ name }) => name) : []),
  ...devices
    .flatMap((spec) => deviceKind(spec.kind).makes(spec as never))
    .flatMap((made) => (made.namespace === namespace && !made.noDevice ? [made.name] : [])),
];

/** What goes with a stack, and with one of its devices: `lo` goes with the stack alone. */
export const homesIn = ({ id }: Pick<Stack, 'id'>, device = 'lo'): readonly string[] =>
  device === 'lo' ? [id] : [id, hopId(id, device)];

/** What a node has around a stack. */
interface Around {
  /** The devices that must be up before one of them is. */
  readonly upBefore: (device: LocalDevice) => readonly LocalDevice[];
  /** What the devices of the node bring into being. */
  readonly made: ReadonlySet<string>;
}

/** What is in a stack, in the order in which it is made. Pure. */
export function planStack(
  node: LabNode,
  stack: Stack,
  graph: HopGraph,
  { upBefore, made }: Around,
): readonly Resource[] {
  const ofStack = (one: { readonly stack: string }): boolean => one.stack === stack.id;
  const addresses = node.addresses.filter(ofStack);
  const byDevice = groupBy(addresses, ({ device }) => device);
  const others = ['lo', ...devicesIn(node, stack)].filter((device) => !byDevice.has(device));
  const belowOf = (name: string): readonly LocalDevice[] =>
    upBefore({ namespace: stack.namespace, name });
  // The prefix of an address becomes a route when its device comes up: of two alike the kernel uses the first.
  const addressed =
    byDevice.size < 2
      ? [...byDevice.keys()]
      : inTurn([...others, ...byDevice.keys()], (name) =>
          belowOf(name).flatMap((one) => (one.namespace === stack.namespace ? [one.name] : [])),
        ).filter((device) => byDevice.has(device));
  const shares = (one: string, other: string): boolean =>
    byDevice.get(one)?.some((a) => byDevice.get(other)?.some((b) => samePrefix(a, b))) ?? false;
  // A link may leave its port down, as if the plug were pulled. By such a one the kernel takes no route.
  const isDownAt = ({ namespace, name }: LocalDevice): boolean =>
    graph.hops.get(hopId(stackIn(node, namespace).id, name))?.settings.down === true ||
    // It goes down with the device that it stands on.
    upBefore({ namespace, name }).some(isDownAt);
  const isDown = (name = 'lo'): boolean => isDownAt({ namespace: stack.namespace, name });
  const joining = (device: string): readonly string[] => joiningOf(hopId(stack.id, device), made);
  const upOf = (device: string, before?: string): Resource =>
    stateOf(node, stack, device, {
      isDown: isDown(device),
      before,
      below: [
        ...belowOf(device).map((one) => upId(stackIn(node, one.namespace).id, one.name)),
        ...joining(device),
      ],
    });
  return [
    ...addresses.map((one) =>
      addressOf(node, stack, one, byDevice.get(one.device) ?? [], joining(one.device)),
    ),
    ...others.map((device) => upOf(device)),
    ...addressed.map((device, index) =>
      upOf(
        device,
        addressed.findLast((other, at) => at < index && shares(device, other)),
      ),
    ),
    ...node.routes
      .filter((one) => ofStack(one) && !isDown(one.device))
      .map((one) => routeOf(node, stack, one, addresses)),
    ...node.rules.filter(ofStack).map((one) => {
      const words = ruleWords(one);
      return rule.of({
        id: `${stack.id} rule ${one.family === 6 ? '-6 ' : ''}${words.join(' ')}`,
        lane: node.name,
        where: stack.where,
        wanted: { words, family: one.family },
        in: homesIn(stack),
        why: `rule of ${stack.id}: ${words.join(' ')}`,
      });
    }),
  ];
}

/** What decides about the state of a device. */
interface StateContext {
  readonly isDown: boolean;
  /** The device with a subnet of its own too that comes up before it. */
  readonly before: string | undefined;
  /** What must be before: what it stands on is up, and it is a member of what sets it down and up. */
  readonly below: readonly string[];
}

function stateOf(
  node: LabNode,
  stack: Stack,
  device: string,
  { isDown, before, below }: StateContext,
): Resource {
  const id = upId(stack.id, device);
  const needs = [...(before === undefined ? [] : [upId(stack.id, before)]), ...below];
  return deviceState.of({
    id,
    lane: node.name,
    where: stack.where,
    wanted: { device, state: isDown ? 'down' : 'up', after: before },
    makes: [id],
    in: homesIn(stack, device),
    needs: someOf(needs),
    why: `${isDown ? 'leave down' : 'bring up'} ${stack.id}:${device}`,
  });
}

/** The name of an address among what a lab makes. */
const addressId = ({ stack, device, ip, prefix }: Address): string =>
  `${stack} address ${ip}/${prefix} of ${device}`;

/**
 * Of the addresses of a subnet the first is the one that packets are sent from, and the kernel takes the others away with
 * it (net/ipv4/devinet.c, __inet_del_ifa). Those of IPv6 go when the device is set down (net/ipv6/addrconf.c, addrconf_ifdown).
 */
function addressOf(
  node: LabNode,
  stack: Stack,
  one: Address,
  ofDevice: readonly Address[],
  joining: readonly string[],
): Resource {
  const { ip, prefix, device, family } = one;
  const id = addressId(one);
  const before = ofDevice
    .slice(0, ofDevice.indexOf(one))
    .findLast((other) => samePrefix(other, one));
  const homes = homesIn(stack, device);
  return address.of({
    id,
    lane: node.name,
    where: stack.where,
    wanted: {
      device,
      address: `${ip}/${prefix}`,
      family,
      after: before && `${before.ip}/${prefix}`,
      ...(joining.length > 0 && { within: joining[0] }),
    },
    makes: [id],
    in: family === 6 ? [...homes, upId(stack.id, device)] : homes,
    needs: someOf([...(before ? [addressId(before)] : []), ...joining]),
    why: `address ${ip}/${prefix} of ${stack.id}:${device}`,
  });
}

/** A route goes when its device is set down, and needs the address that its gateway is next to, or that it sends from. */
function routeOf(node: LabNode, stack: Stack, one: Route, addresses: readonly Address[]): Resource {
  const { device } = one;
  const words = routeWords(one);
  const homes = homesIn(stack, device);
  const needs = addresses.filter((address) => leadsTo(one, address)).map(addressId);
  return route.of({
    id: `${stack.id} route ${words.join(' ')}`,
    lane: node.name,
    where: stack.where,
    wanted: { words },
    in: device === undefined ? homes : [...homes, upId(stack.id, device)],
    needs: needs.length > 0 ? needs : undefined,
    why: `route of ${stack.id}: ${words.join(' ')}`,
  });
}

/** Does a route stand on an address: is its gateway in that subnet, or its source that address? */
const leadsTo = ({ via, src, device }: Route, one: Address): boolean =>
  src === one.ip || (via !== undefined && device === one.device && covers(one, via));

/** The stack of a node in one of its namespaces, or its own. */
const stackIn = (node: LabNode, namespace: string | undefined): Stack =>
  node.stacks.find((stack) => stack.namespace === namespace) ?? missing(node, namespace ?? '');

const someOf = (names: readonly string[]): readonly string[] | undefined =>
  names.length > 0 ? names : undefined;

function missing(node: LabNode, stack: string): never {
  throw new RangeError(`${node.name} has no stack ${stack}`);
}
