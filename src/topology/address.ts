import ipaddr from 'ipaddr.js';

/** IP addresses as text in one canonical form (RFC 5952 for IPv6), so that they can be compared. */
export const canonicalIp = (ip: string): string => ipaddr.parse(ip).toString();

export interface Cidr {
  readonly ip: string;
  readonly prefix: number;
  readonly family: 4 | 6;
}

/** Take `ADDRESS/LENGTH` apart. */
export function splitCidr(cidr: string): Cidr {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  return { ip: address.toString(), prefix, family: address.kind() === 'ipv6' ? 6 : 4 };
}

/** Does each of two addresses lie in the other's prefix? */
export function sameSubnet(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false;
  const contains = (net: Cidr, ip: string): boolean =>
    ipaddr.parse(ip).match(ipaddr.parse(net.ip), net.prefix);
  return contains(a, b.ip) && contains(b, a.ip);
}
