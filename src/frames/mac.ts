import ipaddr from 'ipaddr.js';

/** MAC address classes of IEEE 802 and 802.1Q. */
export const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** No address. */
export const NO_MAC = '00:00:00:00:00:00';

/** Group address: the least significant bit of the first octet is set (IEEE 802-2014, 8.2.2). */
export const isGroup = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;

/** Nth of the addresses reserved for a single hop, 01-80-C2-00-00-00 to -0F (IEEE 802.1Q-2018, table 8-1), or undefined. */
export function reservedNumber(mac: string): number | undefined {
  const match = /^01:80:c2:00:00:0([0-9a-f])$/.exec(mac);
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 16);
}

/** Groups that the IPv4 and IPv6 of Linux join on every device that is up: 224.0.0.1 (RFC 1112, 4) and ff02::1 (RFC 4291, 2.8). */
const ALL_HOSTS: readonly string[] = ['01:00:5e:00:00:01', '33:33:00:00:00:01'];

/** Does every stack of Linux listen to this group without being told? */
export const isAllHosts = (mac: string): boolean => ALL_HOSTS.includes(mac);

/** The MAC of a group of IPv4 or IPv6: RFC 1112, 6.4; RFC 2464, 7. */
export function groupMac(ip: string): string {
  const octets = ipaddr.parse(ip).toByteArray();
  const [first = 0, ...rest] = octets.slice(-3);
  const low =
    octets.length === 4
      ? [0x01, 0x00, 0x5e, first & 0x7f, ...rest]
      : [0x33, 0x33, ...octets.slice(-4)];
  return low.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}
