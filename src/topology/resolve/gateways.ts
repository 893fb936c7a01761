import { covers, destination, type Cidr } from '../address.js';
import type { Address, Route } from '../lab.js';
import { BUILT_IN_RULES, CONNECTED_METRIC } from '../tables.js';
import type { TableOf } from './vrfs.js';

/** An IPv6 address of one cable alone (RFC 4291, 2.5.6), which every device with IPv6 reaches. */
const isLinkLocal = (ip: string): boolean => /^fe[89ab]/.test(ip);

/** What may lead to a next hop. */
interface Way {
  readonly prefix: Cidr;
  readonly metric: number;
  readonly device: string | undefined;
  /** It leads to a neighbour, not on to another router or into nothing. */
  readonly isDirect: boolean;
}

/** The ways of a table, in the order in which they are there. */
const waysOf = (
  table: number,
  family: 4 | 6,
  own: readonly Address[],
  before: readonly Route[],
  tableOf: TableOf,
): readonly Way[] => [
  ...own
    .filter((address) => tableOf(address) === table)
    .map(({ ip, prefix, device }) => ({
      ...{ prefix: { ip, prefix, family }, metric: CONNECTED_METRIC[family], device },
      isDirect: true,
    })),
  ...before
    .filter((route) => route.table === table)
    .map((route) => ({
      ...{ prefix: destination(route.to, family), metric: route.metric, device: route.device },
      isDirect: route.type === 'unicast' && route.via === undefined,
    })),
];

/**
 * The device by which the kernel reaches a next hop when it gets the route: that of a subnet of the stack, or of a route
 * before which names a device alone. The table of the route is asked first, then those of all packets. IPv4 looks at direct
 * ways alone, IPv6 takes the best way and refuses what is not direct. (net/ipv4/fib_semantics.c, fib_check_nh;
 * net/ipv6/route.c, ip6_route_check_nh)
 * @param own - addresses of the stack, in the order in which they bring their routes
 * @param before - routes that the stack has by then
 * @param tableOf - the table that the routes of an address are in
 */
export function gatewayDevice(
  { via, device, family, table }: Pick<Route, 'device' | 'family' | 'table'> & { via: string },
  own: readonly Address[],
  before: readonly Route[],
  tableOf: TableOf,
): string | undefined {
  if (isLinkLocal(via)) return device;
  const ofFamily = <T extends { readonly family: 4 | 6 }>(all: readonly T[]) =>
    all.filter((one) => one.family === family);
  for (const asked of new Set([table, ...BUILT_IN_RULES[family].map((rule) => rule.table)])) {
    const [best] = waysOf(asked, family, ofFamily(own), ofFamily(before), tableOf)
      .filter((way) => (family === 6 || way.isDirect) && covers(way.prefix, via))
      .filter((way) => device === undefined || way.device === device)
      .toSorted((a, b) => b.prefix.prefix - a.prefix.prefix || a.metric - b.metric);
    if (best?.isDirect === true) return best.device;
    if (best && asked !== table) return undefined;
  }
  return undefined;
}
