import { reservedNumber } from '../../frames/mac.js';

/** Addresses that switches keep to themselves: lib/packets.c of Open vSwitch, eth_addr_is_reserved. */

/** Addresses of vendors' protocols that NORMAL takes for reserved: lib/packets.c of Open vSwitch, eth_addr_is_reserved. */
const VENDOR: readonly string[] = [
  '00:e0:2b:00:00:00',
  '00:e0:2b:00:00:04',
  '00:e0:2b:00:00:06',
  '01:00:0c:00:00:00',
  '01:00:0c:cc:cc:cc',
  '01:00:0c:cc:cc:cd',
  '01:00:0c:cd:cd:cd',
];

/** Is an address one that NORMAL does not forward, and mirrors do not put into a VLAN? */
export const isReserved = (mac: string): boolean =>
  reservedNumber(mac) !== undefined ||
  VENDOR.includes(mac) ||
  /^01:00:0c:cc:cc:c[0-9a-f]$/.test(mac);
