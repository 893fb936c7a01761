import type { Crossing, Hop, Place } from './types.js';

/** Is a hop among others? */
export const includes = (hops: readonly Hop[], hop: Hop): boolean =>
  hops.some(({ id }) => id === hop.id);

/** Does a frame come into a device from outside, by a wire or from the device below? */
export const comesIn = ({ place: { peers, lowers }, from }: Pick<Crossing, 'place' | 'from'>) =>
  from !== undefined && (includes(peers, from) || includes(lowers, from));

/**
 * To whom a device of Linux hands a frame, whatever device it is. What comes from above (its stack, an upper device, the
 * switch that it is a port of) goes out. What comes from below goes to the switch alone where the device is a port of one,
 * else to the upper devices and to the stack that owns the device. (net/core/dev.c: __netif_receive_skb_core, rx_handler)
 * @returns `undefined` stands for the stack
 */
export function onward(place: Place, from: Hop | undefined): readonly (Hop | undefined)[] {
  const { peers, lowers, uppers, masters } = place;
  if (!comesIn({ place, from })) return both(peers, lowers);
  return masters.length > 0 ? masters : both(uppers, STACK);
}

/** The stack that owns a device. */
const STACK: readonly undefined[] = [undefined];

/** One list and then the other; most devices have one neighbour on each side. */
function both<T>(first: readonly T[], then: readonly T[]): readonly T[] {
  if (first.length === 0) return then;
  return then.length === 0 ? first : [...first, ...then];
}

/** To everybody joined to a hop but the one whom the frame comes from, as something without a stack of its own does. */
export const through = ({ peers, ports }: Place, from: Hop | undefined): readonly Hop[] =>
  [...peers, ...ports].filter(({ id }) => id !== from?.id);
