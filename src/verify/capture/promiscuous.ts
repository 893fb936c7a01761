import type { Hosts } from '../../apply/hosts/define.js';
import type { Hop } from '../../hops/types.js';
import { pointsOf, startSessions, stopAll, type Lacks } from './sessions.js';

/** Takes no frame: the kernel hands none to a capture that is there for its mode alone. */
const NO_FRAME = 'less 1';

/** Seconds after which it ends by itself. */
const LIMIT = 600;

/**
 * Do something while devices are in promiscuous mode, which is what tcpdump puts them into when nobody forbids it.
 * @returns what was done, and the ids of the devices that could not be put into it
 */
export async function whilePromiscuous<T>(
  devices: readonly Hop[],
  hosts: Hosts,
  use: () => Promise<T>,
): Promise<{ readonly result: T; readonly failures: ReadonlySet<string> }> {
  const lacks: Lacks = { failures: new Map(), gone: new Map() };
  const settings = { filter: NO_FRAME, promiscuous: true, limit: LIMIT, lacks };
  const sessions = await startSessions(pointsOf(devices), [], hosts, settings);
  try {
    const result = await use();
    return { result, failures: new Set([...lacks.failures.keys(), ...lacks.gone.keys()]) };
  } finally {
    await stopAll(sessions);
  }
}
