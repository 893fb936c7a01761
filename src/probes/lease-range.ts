import ipaddr from 'ipaddr.js';
import type { Cidr } from '../topology/address.js';

/** The most addresses that a server of a probe leases. */
const MOST = 50;

/** A part of a subnet of IPv4. */
interface LeaseRange {
  readonly first: string;
  readonly last: string;
  readonly mask: string;
}

/** The addresses at the end of the subnet of an address, not all of them; nothing where there are too few. */
export function leaseRange({ ip, prefix }: Cidr): LeaseRange | undefined {
  // The network, the broadcast address and the server need three.
  if (prefix > 29) return undefined;
  const end = ipaddr.IPv4.broadcastAddressFromCIDR(`${ip}/${prefix}`).toByteArray();
  const count = Math.min(MOST, 2 ** (32 - prefix) / 2 - 2);
  const before = (octets: number): string => {
    const [last = 0] = end.slice(3);
    return new ipaddr.IPv4([...end.slice(0, 3), last - octets]).toString();
  };
  return {
    ...{ first: before(count), last: before(1) },
    mask: ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toString(),
  };
}
