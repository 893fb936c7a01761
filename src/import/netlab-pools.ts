import ipaddr from 'ipaddr.js';
import { isRecord } from '../is-record.js';

/** Pools of addresses as netlab has them (netlab.tools/addressing): a network for each link, of IPv4; of IPv6 only what the file itself writes. */

/** A network of IPv4. */
export interface Network {
  /** As a number of 32 bits. */
  readonly base: number;
  readonly length: number;
}

/** netlab/defaults/addressing.yml. */
const DEFAULTS: Readonly<Record<string, Pool>> = {
  lan: { base: 0xac100000, length: 16, each: 24 },
  p2p: { base: 0x0a010000, length: 16, each: 30 },
};

interface Pool extends Network {
  /** Prefix length of the network of each link. */
  readonly each: number;
}

/** The pools of a file. */
export function createPools(addressing: unknown) {
  const pools = new Map<string, Pool | undefined>(Object.entries(DEFAULTS));
  const taken = new Map<string, number>();
  for (const [name, fields] of Object.entries(isRecord(addressing) ? addressing : {})) {
    if (!isRecord(fields)) continue;
    const preset = pools.get(name);
    const net = 'ipv4' in fields ? networkOf(fields['ipv4']) : preset;
    const own = fields['prefix'];
    const each = typeof own === 'number' ? own : (preset?.each ?? 24);
    pools.set(name, net && { ...net, each });
  }
  return {
    /** The network of the next link. @param usual - pool of links of its type */
    next(link: Readonly<Record<string, unknown>>, usual: 'lan' | 'p2p'): Network | undefined {
      const { prefix, pool, role, unnumbered, vlan } = link;
      if (prefix === false || unnumbered === true || vlan !== undefined) return undefined;
      if (typeof prefix === 'string') return networkOf(prefix);
      if (isRecord(prefix) && 'ipv4' in prefix) return networkOf(prefix['ipv4']);
      const wanted = [pool, role].find((one) => typeof one === 'string' && pools.has(one));
      const name = typeof wanted === 'string' ? wanted : usual;
      const from = pools.get(name);
      if (!from) return undefined;
      const index = taken.get(name) ?? 0;
      taken.set(name, index + 1);
      const size = 2 ** (32 - from.each);
      return { base: from.base + index * size, length: from.each };
    },
  };
}

/** Octets behind the last sign of an address before its length, the slash included. */
export const lengthOf = (address: string): number => address.length - address.indexOf('/');

/** The addresses of one end. @param host - number of the end in the network, as netlab counts */
export function addressOf(
  fields: Readonly<Record<string, unknown>>,
  net: Network | undefined,
  host: number,
): readonly string[] {
  const { ipv4, ipv6 } = fields;
  const six = typeof ipv6 === 'string' && ipaddr.IPv6.isValidCIDR(ipv6) ? [ipv6] : [];
  if (ipv4 === false || ipv4 === true) return six;
  if (typeof ipv4 === 'string' && ipaddr.IPv4.isValidCIDRFourPartDecimal(ipv4))
    return [ipv4, ...six];
  if (typeof ipv4 === 'string' && net && ipaddr.IPv4.isValidFourPartDecimal(ipv4))
    return [`${ipv4}/${net.length}`, ...six];
  const number = typeof ipv4 === 'number' ? ipv4 : host;
  // A number that the network has no room for is the broadcast address, or another network.
  const [first, past] = net?.length === 31 ? [0, 2] : [1, 2 ** (32 - (net?.length ?? 32)) - 1];
  if (!net || number < first || number >= past) return six;
  return [`${dotted(net.base + number)}/${net.length}`, ...six];
}

const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');

function networkOf(value: unknown): Network | undefined {
  if (typeof value !== 'string' || !ipaddr.IPv4.isValidCIDRFourPartDecimal(value)) return undefined;
  const [address, length] = ipaddr.IPv4.parseCIDR(value);
  const bits = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - length);
  return { base: Math.floor(bits / size) * size, length };
}
