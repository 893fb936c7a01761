import { deviceContext } from '../devices/context.js';
import { covers, samePrefix } from '../topology/address.js';
import { deviceKind } from '../topology/kinds.js';
import { hopId, type HopGraph } from '../hops/graph.js';
import type { Resource } from './resources/define.js';
import { address } from './resources/kinds/address.js';
import { deviceState } from './resources/kinds/device-state.js';
import { route } from './resources/kinds/route.js';
import { rule } from './resources/kinds/rule.js';
import { ruleset } from './resources/kinds/ruleset.js';
import { sysctl } from './resources/kinds/sysctl.js';
import type { Address, Lab, LabNode, Route, Stack } from '../topology/lab.js';
import { routeWords, ruleWords } from './routing.js';

/** Names of the devices in a stack of a node: its ports, and what is made there; not `lo`, which every stack has. */
export const devicesIn = ({ ports, devices }: LabNode, { namespace }: Stack): readonly string[] => [
  ...(namespace === undefined ? ports.map(({ name }) => name) : []),
  ...devices
    .flatMap((spec) => deviceKind(spec.kind).makes(spec as never))
    .flatMap((made) => (made.namespace === namespace ? [made.name] : [])),
];

/**
 * What is inside a node's stacks, alike for every kind of node: devices first, then settings and packet filters, then
 * stack by stack addresses, devices up, routes, rules. All of it goes with its stack.
 */
export function planInside(lab: Lab, node: LabNode, graph: HopGraph): readonly Resource[] {
  const context = deviceContext(lab, node);
  const stackOf = (id: string): Stack =>
    node.stacks.find((stack) => stack.id === id) ?? missing(node, id);
  return [
    ...node.devices.flatMap((spec) => deviceKind(spec.kind).plan(spec as never, context)),
    ...node.sysctls.map((one) => settingOf(node, stackOf(one.stack), one)),
    ...node.rulesets.map(({ stack, text }) =>
      ruleset.of({
        ...placeIn(node, stackOf(stack)),
        id: `${stack} packet filter`,
        wanted: { text },
        why: `packet filter of ${stack}`,
      }),
    ),
    ...node.stacks.flatMap((stack) => planStack(node, stack, graph)),
  ];
}

/** Where what is in a stack is, and what it goes with. */
const placeIn = (node: LabNode, { id, where }: Stack, ...devices: readonly string[]) => ({
  ...{ lane: node.name, where },
  in: [id, ...devices.filter((device) => device !== 'lo').map((device) => hopId(id, device))],
});

/** A setting of a device goes with the device. */
function settingOf(
  node: LabNode,
  stack: Stack,
  { key, value }: LabNode['sysctls'][number],
): Resource {
  const words = key.split(/[./]/);
  const device = devicesIn(node, stack).find((name) => words.includes(name));
  return sysctl.of({
    ...placeIn(node, stack, ...(device === undefined ? [] : [device])),
    id: `${stack.id} ${key}`,
    wanted: { key, value },
    why: `${key} of ${stack.id}`,
  });
}

function planStack(node: LabNode, stack: Stack, graph: HopGraph): readonly Resource[] {
  const ofStack = (one: { readonly stack: string }): boolean => one.stack === stack.id;
  const addresses = node.addresses.filter(ofStack);
  // The prefix of an address becomes a route when its device comes up: of two alike the kernel uses the first.
  const rank = (name: string): number => addresses.findIndex(({ device }) => device === name);
  const devices = ['lo', ...devicesIn(node, stack)].toSorted(
    (one, other) => rank(one) - rank(other),
  );
  const has = (device: string): readonly Address[] =>
    addresses.filter((address) => address.device === device);
  const shares = (one: string, other: string): boolean =>
    has(one).some((a) => has(other).some((b) => samePrefix(a, b)));
  return [
    ...addresses.map((one) => addressOf(node, stack, one, addresses)),
    ...devices.map((device, index) => {
      const before = devices.slice(0, index).findLast((other) => shares(device, other));
      const id = upId(stack.id, device);
      const isDown = graph.hops.get(hopId(stack.id, device))?.settings.down === true;
      return deviceState.of({
        ...placeIn(node, stack, device),
        ...(before !== undefined && { needs: [upId(stack.id, before)] }),
        id,
        wanted: {
          device,
          // A link may leave its port down, as if the plug were pulled.
          states: isDown ? ['up', 'down'] : ['up'],
          ...(before !== undefined && { after: before }),
        },
        makes: [id],
        why: `${isDown ? 'leave down' : 'bring up'} ${stack.id}:${device}`,
      });
    }),
    ...node.routes.filter(ofStack).map((one) => routeOf(node, stack, one, addresses)),
    ...node.rules.filter(ofStack).map((one) => {
      const words = ruleWords(one);
      return rule.of({
        ...placeIn(node, stack),
        id: `${stack.id} rule ${one.family === 6 ? '-6 ' : ''}${words.join(' ')}`,
        wanted: { words, family: one.family },
        why: `rule of ${stack.id}: ${words.join(' ')}`,
      });
    }),
  ];
}

/** The name of an address, and of a device that is up, among what a lab makes. */
const addressId = ({ stack, device, ip, prefix }: Address): string =>
  `${stack} address ${ip}/${prefix} of ${device}`;
const upId = (stack: string, device: string): string => `${stack} up ${device}`;

/**
 * Of the addresses of a subnet the first is the one that packets are sent from, and the kernel takes the others away with
 * it (net/ipv4/devinet.c, __inet_del_ifa). Those of IPv6 go when the device is set down (net/ipv6/addrconf.c, addrconf_ifdown).
 */
function addressOf(node: LabNode, stack: Stack, one: Address, all: readonly Address[]): Resource {
  const { ip, prefix, device, family } = one;
  const id = addressId(one);
  const same = all.filter((other) => other.device === device && samePrefix(other, one));
  const before = same[same.indexOf(one) - 1];
  const place = placeIn(node, stack, device);
  return address.of({
    ...place,
    ...(family === 6 && { in: [...place.in, upId(stack.id, device)] }),
    ...(before && { needs: [addressId(before)] }),
    id,
    wanted: {
      ...{ device, address: `${ip}/${prefix}`, family },
      ...(before && { after: `${before.ip}/${prefix}` }),
    },
    makes: [id],
    why: `address ${ip}/${prefix} of ${stack.id}:${device}`,
  });
}

/** A route goes when its device is set down, and needs the address that its gateway is next to, or that it sends from. */
function routeOf(node: LabNode, stack: Stack, one: Route, addresses: readonly Address[]): Resource {
  const { device } = one;
  const words = routeWords(one);
  const place = placeIn(node, stack, ...(device === undefined ? [] : [device]));
  const needs = addresses.filter((address) => leadsTo(one, address)).map(addressId);
  return route.of({
    ...place,
    ...(device !== undefined && { in: [...place.in, upId(stack.id, device)] }),
    ...(needs.length > 0 && { needs }),
    id: `${stack.id} route ${words.join(' ')}`,
    wanted: { words },
    why: `route of ${stack.id}: ${words.join(' ')}`,
  });
}

/** Does a route stand on an address: is its gateway in that subnet, or its source that address? */
const leadsTo = ({ via, src, device }: Route, one: Address): boolean =>
  src === one.ip || (via !== undefined && device === one.device && covers(one, via));

function missing(node: LabNode, stack: string): never {
  throw new RangeError(`${node.name} has no stack ${stack}`);
}
