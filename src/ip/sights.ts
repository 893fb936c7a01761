import type { Frame } from '../frames/frame.js';
import { deviceSight, familiesOf, type Sight } from '../hops/sight.js';
import type { Hop } from '../hops/types.js';

/** Where the packet filters of a stack see what it receives, hands on and sends. */

/** A frame, and the device by which a stack receives or sends it. */
export interface Passing {
  readonly frame: Frame;
  readonly device: Hop;
}

/** What connection tracking knows in a stack of the flow that a packet belongs to. */
export type Tracking = Pick<Sight['packet'], 'isTracked' | 'isFirst'>;

/** A router takes one from the time to live before its chains of `forward` see the packet: net/ipv4/ip_forward.c. */
const onward = (frame: Frame): Frame => ({
  ...frame,
  ...(frame.ipv4 && { ipv4: { ...frame.ipv4, ttl: frame.ipv4.ttl - 1 } }),
  ...(frame.ipv6 && { ipv6: { ...frame.ipv6, hopLimit: frame.ipv6.hopLimit - 1 } }),
});

/** A packet that was cut, put together again. */
const whole = ({ ipv4, ipv6, ...frame }: Frame): Frame => {
  const { fragment: _of4, ...plain4 } = ipv4 ?? {};
  const { fragment: _of6, ...plain6 } = ipv6 ?? {};
  return {
    ...frame,
    ...(ipv4 && { ipv4: plain4 as typeof ipv4 }),
    ...(ipv6 && { ipv6: plain6 as typeof ipv6 }),
  };
};

/**
 * What a stack receives: at the device, before its route is looked up, and where it is its own or goes on by another
 * device. A packet that was cut is whole again where it is the stack's own (net/ipv4/ip_input.c, ip_local_deliver).
 * @param at - the hop that a drop is put down to
 */
export function inwards(
  at: Hop,
  { frame, device }: Passing,
  out?: Hop,
  tracking: Tracking = {},
): readonly Sight[] {
  const families = familiesOf(frame);
  const iif = device.device;
  const sight = (hook: string, oif: string, seen: Frame): Sight => ({
    ...{ hop: at, families },
    packet: { frame: seen, hook, iif, oif, ...tracking },
  });
  return [
    deviceSight(at, device, 'ingress', frame),
    sight('prerouting', '', frame),
    out ? sight('forward', out.device, onward(frame)) : sight('input', '', whole(frame)),
  ];
}

/**
 * What a stack sends; by which device it came, where it is not its own. A program that writes to a device itself goes
 * past all of this (packet(7)).
 */
export function outwards(
  at: Hop,
  { frame, device }: Passing,
  cameBy?: Hop,
  tracking: Tracking = {},
): readonly Sight[] {
  const families = familiesOf(frame);
  const sight = (hook: string): Sight => ({
    ...{ hop: at, families },
    packet: { frame, hook, iif: cameBy?.device ?? '', oif: device.device, ...tracking },
  });
  return [...(cameBy ? [] : [sight('output')]), sight('postrouting')];
}
