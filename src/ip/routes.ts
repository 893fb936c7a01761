import type { Hop } from '../hops/types.js';
import { covers, familyOf, splitCidr } from '../topology/address.js';
import type { Address, PolicyRule } from '../topology/lab.js';
import { BUILT_IN_RULES, VRF_PRIORITY, type RouteType } from '../topology/tables.js';
import { ownAddresses, vrfOf, type IpStack } from './stack.js';
import { entriesOf, type RouteEntry } from './tables.js';

/** A packet, as far as rules and routes look at it: Linux include/net/flow.h. */
export interface Flow {
  readonly dst: string;
  /** Nothing where it is not chosen yet. */
  readonly src?: string;
  /** Device that it came by; none where the stack sends it. */
  readonly iif?: Hop | undefined;
  /** Device that it is to leave by. */
  readonly oif?: Hop | undefined;
  /** Device in whose VRF it is looked up, where neither of them says it. */
  readonly within?: Hop | undefined;
  /** No other device will do; else IPv6 prefers `oif` among routes alike, and IPv4 does not look at it. */
  readonly isBound?: boolean;
}

/** Where a stack sends what is for an address: Linux net/ipv4/fib_trie.c, net/ipv6/ip6_fib.c. */
export type Decision =
  | { readonly kind: 'local'; readonly address: Address }
  | {
      readonly kind: 'out';
      readonly device: Hop;
      /** Whom to ask for on the segment: the router, or the address itself. */
      readonly nextHop: string;
      /** Address that the stack's own packets get, where the route says it. */
      readonly src?: string | undefined;
      /** The route in words: `10.0.0.0/24 dev eth1`. */
      readonly route: () => string;
    }
  /** A route says that the packet ends here. */
  | {
      readonly kind: 'rejected';
      readonly type: Exclude<RouteType, 'unicast'>;
      readonly route: () => string;
    }
  | { readonly kind: 'none' };

/** Is a device the one that a rule names? What the stack sends itself comes by `lo`. */
const isNamed = (name: string | undefined, device: string | undefined): boolean =>
  name === undefined || name === device;

const isWithin = (prefix: string | undefined, ip: string | undefined): boolean =>
  prefix === undefined || (ip !== undefined && covers(splitCidr(prefix), ip));

/** Is a rule for a packet? (net/core/fib_rules.c, fib_rule_match) */
const isFor = ({ from, to, iif, oif }: PolicyRule, flow: Flow): boolean =>
  isNamed(iif, flow.iif?.device ?? 'lo') &&
  isNamed(oif, flow.oif?.device) &&
  isWithin(from, flow.src) &&
  isWithin(to, flow.dst);

const tableOf = ({ table }: { readonly table: number }): number => table;

const BUILT_IN = { 4: BUILT_IN_RULES[4].map(tableOf), 6: BUILT_IN_RULES[6].map(tableOf) };

/** Tables that are looked into for a packet, in their order. Of rules alike the one that was there first comes first. */
function tablesFor(stack: IpStack, flow: Flow): readonly number[] {
  const { rules } = stack;
  const family = familyOf(flow.dst);
  const vrf = vrfOf(stack, contextOf(flow));
  // Most stacks of a large lab have none of their own.
  if (rules.length === 0 && !vrf) return BUILT_IN[family];
  const own = rules.filter((rule) => rule.family === family && isFor(rule, flow));
  const ofVrf = vrf ? [{ priority: VRF_PRIORITY, table: vrf.table }] : [];
  return [...BUILT_IN_RULES[family], ...ofVrf, ...own]
    .toSorted((a, b) => a.priority - b.priority)
    .map(tableOf);
}

/** Name of the device whose VRF a packet is in. (net/l3mdev/l3mdev.c, l3mdev_update_flow) */
const contextOf = ({ oif, iif, within }: Flow): string | undefined =>
  (oif ?? iif ?? within)?.device;

/** The route of a table for a packet: the longest prefix decides, then the metric, then what was there first. */
function bestIn(
  stack: IpStack,
  table: number,
  entries: readonly RouteEntry[],
  flow: Flow,
): RouteEntry | undefined {
  const { dst, iif, oif } = flow;
  // Whoever is bound to a VRF is bound to its table, and to no device of it.
  const isBound = flow.isBound === true && !stack.vrfs.some((vrf) => vrf.device === oif?.device);
  const family = familyOf(dst);
  const leads = (one: RouteEntry): boolean => one.table === table && covers(one.prefix, dst);
  // Where packets end IPv4 does not ask for the device.
  const isOpen = ({ device }: RouteEntry): boolean =>
    !isBound || device === oif?.device || (family === 4 && device === undefined);
  const best = entries.find((one) => leads(one) && isOpen(one));
  if (family === 4 || !best) return best;
  // Of routes alike IPv6 takes the one by the device that the packet came by: net/ipv6/route.c, rt6_score_route.
  const near = (iif ?? oif)?.device;
  const isAlike = (one: RouteEntry): boolean =>
    one.prefix.prefix === best.prefix.prefix && one.metric === best.metric;
  return entries.find((one) => one.device === near && leads(one) && isAlike(one)) ?? best;
}

/** Where a stack sends a packet: the first table with a route for it decides. Pure. */
export function routeTo(stack: IpStack, flow: Flow): Decision {
  const own = ownAddresses(stack, contextOf(flow)).find((address) => address.ip === flow.dst);
  if (own) return { kind: 'local', address: own };
  const entries = entriesOf(stack);
  for (const table of tablesFor(stack, flow)) {
    const best = bestIn(stack, table, entries, flow);
    if (!best) continue;
    const { type, src, text: route } = best;
    if (type !== 'unicast') return { kind: 'rejected', type, route };
    const device = stack.devices.find((hop) => hop.device === best.device);
    if (device) return { kind: 'out', device, nextHop: best.via ?? flow.dst, src, route };
  }
  return { kind: 'none' };
}

/** The address that a stack takes for its own when it sends by a device: the first that lies in the same subnet, else the first. */
export function sourceOn({ addresses }: IpStack, device: Hop, target: string): string | undefined {
  const own = addresses.filter(
    (address) => address.device === device.device && address.family === familyOf(target),
  );
  return (own.find((address) => covers(address, target)) ?? own[0])?.ip;
}
