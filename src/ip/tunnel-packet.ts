import type { Frame } from '../frames/frame.js';
import type { IpPacket } from './accept.js';

/** The packets of tunnels, as stacks look at them and send them. */

/** A packet of a tunnel: what it carries is nobody's message to the stacks on its way. */
export type TunnelPacket = Omit<IpPacket, 'message'>;

/** IPv6 lets no router cut a packet, and the kernel does not cut that of a tunnel either (net/ipv6/ip6_output.c, ip6_fragment). */
export const packetOf = ({ ipv4, ipv6, payload = 0 }: Frame): TunnelPacket => ({
  ...{ family: ipv4 ? 4 : 6, size: payload },
  ...{ src: (ipv4 ?? ipv6)?.src ?? '', dst: (ipv4 ?? ipv6)?.dst ?? '' },
  ttl: ipv4?.ttl ?? ipv6?.hopLimit ?? 0,
  dontFragment: ipv4?.dontFragment ?? true,
});

const FIRST_PART = { id: 0, offset: 0, more: true } as const;

/** The packet as a stack sends it by a device. */
export function written(
  frame: Frame,
  { ttl, size, isCut }: TunnelPacket,
  macs: Pick<Frame, 'src' | 'dst'>,
): Frame {
  const { ipv4, ipv6, payload } = frame;
  const fragment = isCut === true ? { fragment: FIRST_PART } : {};
  return {
    ...{ ...frame, ...macs },
    ...(ipv4 && { ipv4: { ...ipv4, ttl, ...fragment } }),
    ...(ipv6 && { ipv6: { ...ipv6, hopLimit: ttl } }),
    ...(payload !== undefined && { payload: size }),
  };
}
