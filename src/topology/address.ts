import { BlockList, isIPv6, SocketAddress } from 'node:net';

/** IP addresses as text in one canonical form (RFC 5952 for IPv6), so that they can be compared. */
export const canonicalIp = (ip: string): string =>
  isIPv6(ip) ? new SocketAddress({ address: ip, family: 'ipv6' }).address : ip;

export interface Cidr {
  readonly ip: string;
  readonly prefix: number;
  readonly family: 4 | 6;
}

/** Take `ADDRESS/LENGTH` apart. */
export function splitCidr(cidr: string): Cidr {
  const [ip = '', prefix = ''] = cidr.split('/');
  return { ip: canonicalIp(ip), prefix: Number(prefix), family: isIPv6(ip) ? 6 : 4 };
}

/** Does each of two addresses lie in the other's prefix? */
export function sameSubnet(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false;
  const contains = (net: Cidr, ip: string): boolean => {
    const type = net.family === 6 ? 'ipv6' : 'ipv4';
    const list = new BlockList();
    list.addSubnet(net.ip, net.prefix, type);
    return list.check(ip, type);
  };
  return contains(a, b.ip) && contains(b, a.ip);
}
