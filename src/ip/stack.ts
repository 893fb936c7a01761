import type { HopGraph } from '../hops/graph.js';
import { rulesOf } from '../hops/kinds/index.js';
import type { Hop } from '../hops/types.js';
import type { Address, Lab, LabNode, Route, PolicyRule, Stack } from '../topology/lab.js';

/** An IP stack, as the topology has it: what it owns, knows and was told. */
export interface IpStack {
  readonly stack: Stack;
  /** The hop that it is on the way of a packet. */
  readonly hop: Hop;
  readonly devices: readonly Hop[];
  readonly vrfs: readonly Vrf[];
  /** In the order in which they are given to the devices. */
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  /** Settings of `/proc/sys`, by name, in the order in which they are made. */
  readonly sysctls: readonly (readonly [key: string, value: string])[];
}

/** A routing table of some devices: Linux Documentation/networking/vrf.rst. */
interface Vrf {
  /** Name of the VRF's own device. */
  readonly device: string;
  readonly table: number;
  /** Names of the devices. */
  readonly members: readonly string[];
}

/** The VRF that a device is, or is a member of. */
export const vrfOf = (
  { vrfs }: Pick<IpStack, 'vrfs'>,
  device: string | undefined,
): Vrf | undefined =>
  vrfs.find(
    (one) => one.device === device || (device !== undefined && one.members.includes(device)),
  );

/** The addresses of which a stack knows that they are its own, where something is looked up for a device: those of its VRF, and those of none. */
export const ownAddresses = (stack: IpStack, device: string | undefined): readonly Address[] => {
  if (stack.vrfs.length === 0) return stack.addresses;
  const vrf = vrfOf(stack, device);
  return stack.addresses.filter((address) => {
    const its = vrfOf(stack, address.device);
    return its === undefined || its === vrf;
  });
};

export type IpStacks = ReadonlyMap<string, IpStack>;

/** The hop that stands for an IP stack: no device, so nothing there can be captured. */
const stackHop = ({ id, where }: Stack): Hop => ({
  id: `${id} (stack)`,
  kind: 'stack',
  stack: id,
  where,
  device: '',
  label: `${id} stack`,
  settings: { noDevice: true },
});

/** The IP stacks of all nodes, by the ids of the stacks. Pure. */
export const stacksOf = (lab: Lab, graph: HopGraph): IpStacks =>
  new Map(
    lab.nodes.flatMap((node) =>
      node.stacks.map((stack) => [stack.id, ipStack(node, stack, graph)] as const),
    ),
  );

/**
 * The addresses that a stack has. A device that is taken down loses those of IPv6 and keeps those of IPv4, for which the
 * stack answers by other devices (net/ipv6/addrconf.c, addrconf_ifdown; net/ipv4/fib_semantics.c, fib_sync_down_dev).
 */
const addressesIn = (node: LabNode, stack: Stack, devices: readonly Hop[]): readonly Address[] =>
  node.addresses.filter(
    (address) =>
      address.stack === stack.id &&
      (address.family === 4 ||
        devices.find(({ device }) => device === address.device)?.settings.down !== true),
  );

const ipStack = (
  node: LabNode,
  stack: Stack,
  graph: HopGraph,
  devices = graph.stacks.get(stack.id) ?? [],
): IpStack => ({
  stack,
  hop: stackHop(stack),
  devices,
  vrfs: devices.flatMap((hop) => {
    const vrf = rulesOf(hop.kind).vrf?.(hop);
    return vrf ? [{ device: hop.device, ...vrf }] : [];
  }),
  addresses: addressesIn(node, stack, devices),
  routes: node.routes.filter((route) => route.stack === stack.id),
  rules: node.rules.filter((rule) => rule.stack === stack.id),
  sysctls: node.sysctls.flatMap(({ stack: id, key, value }) =>
    id === stack.id ? [[key, value] as const] : [],
  ),
});

/** Address families, as the names of settings have them. */
const FAMILIES = { 4: 'ipv4', 6: 'ipv6' } as const;

/** What was set last, 0 by default. */
const lastOf = ({ sysctls }: IpStack, keys: readonly string[]): number =>
  Number(sysctls.findLast(([key]) => keys.includes(key))?.[1] ?? 0);

/** Most stacks of a large lab: what is asked of them need not be named. */
const hasDefaults = ({ sysctls }: IpStack): boolean => sysctls.length === 0;

const conf = (family: 4 | 6, device: string, name: string): string =>
  `net.${FAMILIES[family]}.conf.${device}.${name}`;

/** A setting of which the greater of `all` and the device's own counts: Linux include/linux/inetdevice.h, IN_DEV_MAXCONF, IN_DEV_ORCONF. */
export const greater = (stack: IpStack, device: Hop, name: string): number =>
  hasDefaults(stack)
    ? 0
    : Math.max(...['all', device.device].map((which) => lastOf(stack, [conf(4, which, name)])));

/**
 * Does a stack forward what comes by a device? `ip_forward` and `all` set it for every device, whatever was set before
 * (net/ipv4/devinet.c, inet_forward_change). IPv6 asks `all` alone (net/ipv6/ip6_output.c, ip6_forward).
 */
export const forwards = (stack: IpStack, device: Hop, family: 4 | 6): boolean =>
  lastOf(
    stack,
    family === 6
      ? [conf(6, 'all', 'forwarding')]
      : ['net.ipv4.ip_forward', conf(4, 'all', 'forwarding'), conf(4, device.device, 'forwarding')],
  ) !== 0;

/** Is a setting on that belongs to no device? */
export const isOn = (stack: IpStack, key: string): boolean => lastOf(stack, [key]) !== 0;

/** The time to live that a stack gives its packets: ip-sysctl. */
export const ttlOf = (stack: IpStack, family: 4 | 6, usual: number): number =>
  (family === 4 && lastOf(stack, ['net.ipv4.ip_default_ttl'])) || usual;
