import ipaddr from 'ipaddr.js';

/** IP addresses as text in one canonical form (RFC 5952 for IPv6), so that they can be compared. */
export const canonicalIp = (ip: string): string => versionOf(ip).parse(ip).toString();

/** Which of the two it is, so that the library need not try one after the other. */
const versionOf = (ip: string) => (ip.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4);

/** The IP version of an address or prefix. */
export const familyOf = (text: string): 4 | 6 => (text.includes(':') ? 6 : 4);

/** Is it the address of a group: RFC 1112, RFC 4291 2.7? */
export const isMulticast = (ip: string): boolean => versionOf(ip).parse(ip).range() === 'multicast';

/** The prefix that one address is. */
export const hostPrefix = (ip: string): string => `${ip}/${familyOf(ip) === 6 ? 128 : 32}`;

export interface Cidr {
  readonly ip: string;
  readonly prefix: number;
  readonly family: 4 | 6;
}

/** Take `ADDRESS/LENGTH` apart. */
export function splitCidr(cidr: string): Cidr {
  const [address, prefix] = versionOf(cidr).parseCIDR(cidr);
  return { ip: address.toString(), prefix, family: address.kind() === 'ipv6' ? 6 : 4 };
}

const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** An IPv4 address as a number. Large labs ask for millions, so nothing is made on the way. */
function bitsOf(ip: string): number {
  let [bits, octet] = [0, 0];
  for (let at = 0; at < ip.length; at += 1) {
    const code = ip.charCodeAt(at);
    if (code === DOT) [bits, octet] = [(bits << 8) | octet, 0];
    else octet = octet * 10 + code - ZERO;
  }
  return (bits << 8) | octet;
}

/** Are two addresses of a family alike in so many bits? */
function areAlike(family: 4 | 6, a: string, b: string, prefix: number): boolean {
  if (family === 6) return ipaddr.IPv6.parse(a).match(ipaddr.IPv6.parse(b), prefix);
  // By far the most comparisons; a shift by 32 bits would be one by none.
  return prefix === 0 || (bitsOf(a) ^ bitsOf(b)) >>> (32 - prefix) === 0;
}

/** Does each of two addresses lie in the other's prefix, or are they alike in so many bits? */
export const sameSubnet = (a: Cidr, b: Cidr, prefix = Math.max(a.prefix, b.prefix)): boolean =>
  a.family === b.family && areAlike(a.family, a.ip, b.ip, prefix);

/** Prefix that a route is for: one as text, or `default`. */
export const destination = (to: string, family: 4 | 6): Cidr =>
  to === 'default' ? { ip: family === 4 ? '0.0.0.0' : '::', prefix: 0, family } : splitCidr(to);

/** The first address of a prefix. */
export const startOf = ({ ip, prefix }: Cidr): string =>
  versionOf(ip).networkAddressFromCIDR(`${ip}/${prefix}`).toString();

/** Are two prefixes the same one? */
export const samePrefix = (a: Cidr, b: Cidr): boolean => a.prefix === b.prefix && sameSubnet(a, b);

/** Does an address lie in a prefix? */
export const covers = ({ ip: first, family, prefix }: Cidr, ip: string): boolean =>
  family === familyOf(ip) && areAlike(family, first, ip, prefix);
