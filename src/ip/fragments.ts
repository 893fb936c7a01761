import type { Cause, Hop } from '../hops/types.js';
import type { IpPacket } from './accept.js';
import type { IpStack } from './stack.js';

/** Octets before the data of a fragment: RFC 791; RFC 8200 4.5. */
const HEADERS = { 4: 20, 6: 48 } as const;

/**
 * A packet as it leaves by a device: the largest of its fragments where it is longer than the MTU and may be cut. Who
 * sends a packet of his own may cut it in both families, a router only in IPv4. (net/ipv4/ip_output.c, ip_fragment)
 */
export function cut<P extends Omit<IpPacket, 'message'>>(
  packet: P,
  device: Hop,
  isRouted: boolean,
): P {
  const { family, size, dontFragment } = packet;
  const { mtu = 1500 } = device.settings;
  if (size <= mtu || dontFragment || (isRouted && family === 6)) return packet;
  // All fragments but the last carry a multiple of eight octets.
  const header = HEADERS[family];
  return { ...packet, size: header + 8 * Math.floor((mtu - header) / 8), isCut: true };
}

/** Why a stack does not send a packet of its own, and asks for nobody's MAC either: it is too long for the device and must not be cut. */
export function tooLongForOwn(
  { stack }: IpStack,
  device: Hop,
  { size, dontFragment }: Pick<IpPacket, 'size' | 'dontFragment'>,
): Cause | undefined {
  const { mtu = 1500 } = device.settings;
  if (size <= mtu || !dontFragment) return undefined;
  return {
    reason: `The packet has ${size} octets and must not be cut, and ${device.label} sends none beyond its MTU of ${mtu}: ${stack.id} refuses it to the program that sends it (message too long).`,
    remedy: `Raise the MTU of ${device.label} to ${size}, or send smaller packets.`,
    source: 'Linux net/ipv4/ip_output.c: __ip_append_data (EMSGSIZE); ip(7) IP_MTU_DISCOVER',
  };
}
