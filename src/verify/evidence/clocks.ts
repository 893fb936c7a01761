/**
 * A guest has a clock of its own, off by a second or more, so its captures cannot simply be sorted in with the
 * host's. What a frame does between two machines tells how far apart their clocks are, as in NTP (RFC 5905, 8):
 * it never arrives before it was sent.
 */

/** A frame that was seen on one machine and, after that, on another; each by its own clock. Seconds. */
export interface Passage {
  readonly from: { readonly host: string; readonly time: number };
  readonly to: { readonly host: string; readonly time: number };
}

/** How far a clock is ahead of another, as far as passages tell. */
interface Bounds {
  low: number;
  high: number;
}

/**
 * How many seconds the clock of each machine is ahead of that of the reference; 0 where no frame tells.
 * @param reference - the machine by whose clock times are told, where it is among them
 */
export function clockErrors(
  passages: readonly Passage[],
  reference = 'local',
): ReadonlyMap<string, number> {
  const bounds = new Map<string, Map<string, Bounds>>();
  const between = (a: string, b: string): Bounds => {
    const ofA = bounds.get(a) ?? new Map<string, Bounds>();
    const known = ofA.get(b) ?? { low: -Infinity, high: Infinity };
    bounds.set(a, ofA.set(b, known));
    return known;
  };
  for (const { from, to } of passages) {
    const ahead = to.time - from.time;
    const forth = between(from.host, to.host);
    forth.high = Math.min(forth.high, ahead);
    const back = between(to.host, from.host);
    back.low = Math.max(back.low, -ahead);
  }
  const hosts = [...bounds.keys()];
  const errors = new Map<string, number>();
  for (const start of [...hosts.filter((host) => host === reference), ...hosts]) {
    if (errors.has(start)) continue;
    errors.set(start, 0);
    const queue = [start];
    for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
      for (const [next, ahead] of bounds.get(host) ?? []) {
        if (errors.has(next)) continue;
        errors.set(next, (errors.get(host) ?? 0) + middle(ahead));
        queue.push(next);
      }
    }
  }
  return errors;
}

/** The middle of what is possible; where frames went one way only, the quickest of them took no time. */
function middle({ low, high }: Bounds): number {
  if (!Number.isFinite(low)) return high;
  return Number.isFinite(high) ? (low + high) / 2 : low;
}
