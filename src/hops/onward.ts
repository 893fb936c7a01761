import type { Hop, Place } from './types.js';

/** Is a hop among others? */
export const includes = (hops: readonly Hop[], hop: Hop): boolean =>
  hops.some(({ id }) => id === hop.id);

/**
 * To whom a device of Linux hands a frame, whatever device it is. What comes from above (its stack, an upper device, the
 * switch that it is a port of) goes out, and to the other upper devices as far as their kind lets it. What comes from
 * below goes to the switch alone where the device is a port of one, else to the upper devices and to the stack that owns
 * the device. (net/core/dev.c: __netif_receive_skb_core, rx_handler)
 * @returns `undefined` stands for the stack
 */
export function onward(
  { peers, lowers, uppers, masters }: Place,
  from: Hop | undefined,
): readonly (Hop | undefined)[] {
  if (from && (includes(peers, from) || includes(lowers, from)))
    return masters.length > 0 ? masters : both(uppers, STACK);
  const out = both(peers, lowers);
  if (!from || !includes(uppers, from)) return out;
  return [...out, ...uppers.filter(({ id }) => id !== from.id)];
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
