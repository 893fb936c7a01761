import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../apply/hosts/define.js';
import type { Wiring } from '../plan/wire.js';
import { THIS_HOST, type Lab } from '../topology/lab.js';

/** Milliseconds that a spanning tree has: two forward delays of at most 30 s (IEEE 802.1D-2004, table 17-1), and some. */
const LIMIT = 65_000;
const POLL = 250;

/** A line of `bridge -j link`: bridge(8). */
interface BridgePort {
  readonly ifname: string;
  readonly state: string;
}

/**
 * Wait until the bridges of this machine forward on all of the lab's devices: a port of a spanning tree listens and learns
 * first, and what it does then tells nothing of what it does afterwards.
 */
export async function settle(
  { graph }: Wiring,
  { here }: Lab,
  hosts: Hosts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ours = new Set((graph.stacks.get(THIS_HOST) ?? []).map(({ device }) => device));
  for (const end = performance.now() + LIMIT; performance.now() < end;) {
    const { stdout } = await hosts.at(here).run({ argv: ['bridge', '-j', 'link'], signal });
    const ports = JSON.parse(stdout || '[]') as readonly BridgePort[];
    const busy = ports.some(
      ({ ifname, state }) => ours.has(ifname) && (state === 'listening' || state === 'learning'),
    );
    if (!busy) return;
    await delay(POLL, undefined, signal ? { signal } : {});
  }
}
