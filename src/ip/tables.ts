import { destination, startOf, type Cidr } from '../topology/address.js';
import { CONNECTED_METRIC, TABLES, type RouteType } from '../topology/tables.js';
import { vrfOf, type IpStack } from './stack.js';

/** The routing tables of a stack: what its addresses bring, and its static routes. */

export interface RouteEntry {
  readonly prefix: Cidr;
  readonly type: RouteType;
  /** Where it leaves; none where packets end. */
  readonly device: string | undefined;
  readonly via: string | undefined;
  /** Address that the stack's own packets get, where the route says it. */
  readonly src?: string | undefined;
  readonly metric: number;
  readonly table: number;
  /** In words, as ip-route(8) has them; asked for where a report tells them. */
  readonly text: () => string;
}

const isUp = (stack: IpStack, device: string): boolean =>
  stack.devices.some((hop) => hop.device === device && hop.settings.down !== true);

/** What comes with the addresses, in their order, each in the table of its device: an IPv4 address by itself brings no route. */
const connected = (stack: IpStack): readonly RouteEntry[] =>
  stack.addresses
    .filter(({ family, prefix }) => family === 6 || prefix < 32)
    .map((address): RouteEntry => ({
      prefix: address,
      type: 'unicast',
      device: address.device,
      via: undefined,
      metric: CONNECTED_METRIC[address.family],
      table: vrfOf(stack, address.device)?.table ?? TABLES.main,
      text: () => `${startOf(address)}/${address.prefix} dev ${address.device}`,
    }));

const fixed = ({ routes }: IpStack): readonly RouteEntry[] =>
  routes.map((route): RouteEntry => {
    const { family, type, device, via, src, metric, table, to } = route;
    const words = [
      ...(type === 'unicast' ? [] : [type]),
      to,
      ...(via === undefined ? [] : ['via', via]),
      ...(device === undefined ? [] : ['dev', device]),
      ...(table === TABLES.main ? [] : ['table', String(table)]),
    ];
    const prefix = destination(to, family);
    return { prefix, type, device, via, src, metric, table, text: () => words.join(' ') };
  });

const known = new WeakMap<IpStack, readonly RouteEntry[]>();

/** All routes of a stack, those with the longest prefix first, then those with the lowest metric, then those that were there first. Devices that are down have none. */
export function entriesOf(stack: IpStack): readonly RouteEntry[] {
  const entries =
    known.get(stack) ??
    [...connected(stack), ...fixed(stack)]
      .filter(({ device }) => device === undefined || isUp(stack, device))
      .toSorted((a, b) => b.prefix.prefix - a.prefix.prefix || a.metric - b.metric);
  known.set(stack, entries);
  return entries;
}
