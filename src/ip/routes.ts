import type { Hop } from '../hops/types.js';
import { covers, splitCidr, type Cidr } from '../topology/address.js';
import type { Address } from '../topology/lab.js';
import type { IpStack } from './stack.js';

/** Where a stack sends what is for an address: Linux net/ipv4/fib_trie.c, net/ipv6/ip6_fib.c. */
export type Decision =
  | { readonly kind: 'local'; readonly address: Address }
  | {
      readonly kind: 'out';
      readonly device: Hop;
      /** Whom to ask for on the segment: the router, or the address itself. */
      readonly nextHop: string;
      /** The route in words: `10.0.0.0/24 dev eth1`. */
      readonly route: string;
    }
  | { readonly kind: 'none' };

interface Entry {
  readonly prefix: Cidr;
  readonly device: string;
  readonly via: string | undefined;
  readonly text: string;
}

const familyOf = (ip: string): 4 | 6 => (ip.includes(':') ? 6 : 4);

const isUp = (stack: IpStack, device: string): boolean =>
  stack.devices.some((hop) => hop.device === device && hop.settings.down !== true);

/** The prefixes of the addresses, in their order, then the static routes. Devices that are down have none. */
function entries(stack: IpStack, family: 4 | 6): readonly Entry[] {
  const connected = stack.addresses
    .filter((address) => address.family === family && isUp(stack, address.device))
    .map(({ ip, prefix, device }): Entry => ({
      prefix: { ip, prefix, family },
      device,
      via: undefined,
      text: `${ip}/${prefix} dev ${device}`,
    }));
  const fixed = stack.routes.flatMap(({ to, via, device }): Entry[] => {
    const isDefault = to === 'default';
    const kind = isDefault ? familyOf(via ?? stack.addresses[0]?.ip ?? '') : familyOf(to);
    if (kind !== family) return [];
    const prefix = isDefault
      ? { ip: family === 4 ? '0.0.0.0' : '::', prefix: 0, family }
      : splitCidr(to);
    const leaves =
      device ?? connected.find((entry) => via !== undefined && covers(entry.prefix, via))?.device;
    if (leaves === undefined || !isUp(stack, leaves)) return [];
    const by = via === undefined ? '' : ` via ${via}`;
    return [{ prefix, device: leaves, via, text: `${to}${by} dev ${leaves}` }];
  });
  return [...connected, ...fixed];
}

/** The entries of stacks by family, the longest prefix first: a large lab looks into each many times. */
const known = {
  4: new WeakMap<IpStack, readonly Entry[]>(),
  6: new WeakMap<IpStack, readonly Entry[]>(),
};

function entriesOf(stack: IpStack, family: 4 | 6): readonly Entry[] {
  const sorted =
    known[family].get(stack) ??
    entries(stack, family).toSorted((a, b) => b.prefix.prefix - a.prefix.prefix);
  known[family].set(stack, sorted);
  return sorted;
}

/** The longest prefix decides; of two alike the one that was there first. Pure. */
export function routeTo(stack: IpStack, ip: string): Decision {
  const own = stack.addresses.find((address) => address.ip === ip);
  if (own) return { kind: 'local', address: own };
  const best = entriesOf(stack, familyOf(ip)).find(({ prefix }) => covers(prefix, ip));
  const device = best && stack.devices.find((hop) => hop.device === best.device);
  if (!device) return { kind: 'none' };
  return { kind: 'out', device, nextHop: best.via ?? ip, route: best.text };
}

/** The address that a stack takes for its own when it sends by a device: the first that lies in the same subnet, else the first. */
export function sourceOn({ addresses }: IpStack, device: Hop, target: string): string | undefined {
  const own = addresses.filter(
    (address) => address.device === device.device && address.family === familyOf(target),
  );
  return (own.find((address) => covers(address, target)) ?? own[0])?.ip;
}
