import type { Hosts } from '../../apply/hosts/define.js';
import { groupBy } from '../../group-by.js';
import type { Hop } from '../../hops/types.js';
import type { Witness } from '../../probes/define.js';
import type { Sessions } from '../run/wave.js';
import { unreachable } from './files.js';
import { startSession, type CapturePoint, type SessionOptions } from './session.js';
import { hostNameOf } from '../../where.js';

/** Captures on all machines of a lab. */

/** Hops without a capture, by id; filled as that becomes known. */
export interface Lacks {
  /** Why it is not captured. */
  readonly failures: Map<string, string>;
  /** Why no frame can be there. */
  readonly gone: Map<string, string>;
}

interface SessionsOptions extends SessionOptions {
  readonly lacks: Lacks;
  readonly signal?: AbortSignal | undefined;
}

/** Where to capture, by host; each hop once. */
export function pointsOf(hops: readonly Hop[]): ReadonlyMap<string, readonly CapturePoint[]> {
  const once = [...new Map(hops.map((hop) => [hop.id, hop])).values()];
  const points = once.map((hop) => ({ hop, netns: hop.where.netns }));
  return groupBy(points, ({ hop }) => hostNameOf(hop.where));
}

/**
 * Start captures, and daemons that bear witness, on every machine, and wait until all listen. A machine that cannot be
 * reached, or does not run, is noted as lacking.
 */
export async function startSessions(
  points: ReadonlyMap<string, readonly CapturePoint[]>,
  witnesses: readonly Witness[],
  hosts: Hosts,
  { lacks: { failures, gone }, signal, servers = [], ...options }: SessionsOptions,
): Promise<Sessions> {
  const sessions: [string, Awaited<ReturnType<typeof startSession>>][] = [];
  await Promise.all(
    [...points].map(async ([host, onHost]) => {
      const here = witnesses.filter(({ stack }) => hostNameOf(stack.where) === host);
      try {
        const state = await hosts.stateOf?.(host);
        if (state !== undefined && state !== 'running') {
          const said = await hosts.lastWordsOf?.(host);
          const last = said === undefined ? '' : ` What it said last: \`${said}\``;
          for (const { hop } of onHost)
            gone.set(hop.id, `${hop.stack} does not run: it is ${state}.${last}`);
          return;
        }
        const listening = servers.filter(({ stack }) => hostNameOf(stack.where) === host);
        const session = await startSession(hosts.named(host), onHost, here, {
          ...options,
          servers: listening,
        });
        sessions.push([host, session]);
        for (const [hop, why] of session.failures) failures.set(hop, why);
        for (const [hop, why] of session.gone) gone.set(hop, why);
      } catch (error) {
        for (const { hop } of onHost) failures.set(hop.id, unreachable(host, error));
      }
    }),
  );
  if (signal?.aborted) await stopAll(new Map(sessions));
  signal?.throwIfAborted();
  return new Map(sessions);
}

/** End them all, whatever becomes of one. */
export const stopAll = async (sessions: Sessions): Promise<void> => {
  await Promise.allSettled([...sessions.values()].map((session) => session.stop()));
};
