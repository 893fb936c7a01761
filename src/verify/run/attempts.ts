import type { PreparedCheck } from '../../probes/prepare.js';
import { serverName } from '../witness/servers.js';
import { nameOf } from '../witness/witness.js';
import type { WaveContext } from './wave.js';
import { hostNameOf } from '../../where.js';

/**
 * How often a frame is sent before it counts as lost: fewer times where the model says that it is. `unseen`: how often
 * more, where no capture has seen it anywhere.
 */
export const ATTEMPTS = { pass: 3, drop: 2, unseen: 3 } as const;

/** Nothing is sent where no capture could see it arrive, or the witness is deaf. */
export function attemptsFor(check: PreparedCheck, context: WaveContext): number {
  const { probe, hops } = check;
  if ([probe.from, probe.to].some(({ hop }) => context.failures.has(hop.id))) return 0;
  if (deafness(check, context) !== undefined) return 0;
  if (!probe.send || !context.sessions.has(hostNameOf(probe.send.stack.where))) return 0;
  // Where there is no way any more, once is enough to see how far the frame gets.
  if (hops.some((hop) => context.gone.has(hop.id))) return 1;
  if (context.attempts !== undefined) return context.attempts;
  const isLost = probe.courses.every((legs) =>
    legs.some(({ prediction }) => prediction.outcome === 'drop'),
  );
  return Math.max(ATTEMPTS[isLost ? 'drop' : 'pass'], attemptsAgainst(check.patience.intact));
}

/** How likely all sendings of a frame may be lost by chance before its loss is taken for more than that. */
const BAD_LUCK = 1e-6;
/** More sendings than that nobody waits for. */
const MOST = 100;

/**
 * How often to send what arrives with a likelihood, so that one of them arrives for sure.
 * @param intact - 0 to 1
 */
export const attemptsAgainst = (intact: number): number =>
  intact >= 1 || intact <= 0
    ? 1
    : Math.min(MOST, Math.ceil(Math.log(BAD_LUCK) / Math.log(1 - intact)));

/** Why the witness or the server of a check does not run, if it does not. */
export const deafness = (
  { probe: { witness, server } }: PreparedCheck,
  { sessions }: WaveContext,
): string | undefined =>
  (witness && sessions.get(hostNameOf(witness.stack.where))?.deaf.get(nameOf(witness))) ??
  (server && sessions.get(hostNameOf(server.stack.where))?.closed.get(serverName(server)));

/**
 * Has a program sent a frame that no capture saw, not even the one on the device by which it sent? Then the program or
 * the capture failed, and nothing is known of the way. What a stack is asked to send says less: it may have reasons not
 * to; and so may the device itself.
 * @param seen - for each leg, for each hop
 */
export function isUnseen(
  { legs: [first] }: PreparedCheck,
  seen: readonly (readonly (boolean | undefined)[])[],
  { gone }: WaveContext,
): boolean {
  const sender = first?.path[0];
  if (!first || (first.sights?.() ?? []).length > 0 || !sender || gone.has(sender.id)) return false;
  const { prediction } = first;
  if (prediction.outcome !== 'pass' && prediction.at === 0) return false;
  return seen[0]?.[0] === false && !seen.flat().includes(true);
}
