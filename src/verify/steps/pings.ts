import { randomBytes } from 'node:crypto';
import type { Hosts } from '../../apply/hosts/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { shell } from '../run/scripts.js';

/** Pings that run across something that is done, and the longest time without an answer. */

/** What became of them; times in milliseconds. */
export interface Pinged {
  readonly sent: number;
  readonly answered: number;
  /** The longest time between two answers; nothing where none came any more. */
  readonly gap: number | undefined;
}

/** Seconds from one ping to the next; answers of a row after which they run again as they did; seconds to wait for those, and for all. */
const PACE = { interval: 0.02, row: 10, back: 60, all: 180 } as const;

/** End the ping(8) that carries a pattern, by SIGINT, upon which it tells its counts. Argument: the pattern. */
const STOP = `
for file in $(grep -l "$1" /proc/[0-9]*/cmdline 2>/dev/null); do
  process=\${file#/proc/}
  process=\${process%/cmdline}
  [ "$(cat "/proc/$process/comm" 2>/dev/null)" = ping ] && kill -INT "$process"
done
:
`;

/**
 * Ping while something is done, until answers come as before.
 * @param ping - tells from where to where, and whether answers are to be expected afterwards
 * @throws PatchlabError where the pings cannot be run; Error where none is answered beforehand
 */
export async function pingAcross(
  { probe, legs }: PreparedCheck,
  hosts: Hosts,
  act: () => Promise<void>,
  signal?: AbortSignal,
): Promise<Pinged> {
  const { send } = probe;
  if (!send) throw new RangeError('a ping is sent');
  const { where } = send.stack;
  const host = hosts.at(where);
  const whereTo = send.argv.slice(send.argv.indexOf('-e') + 2);
  const run = (argv: readonly string[], seconds: number) =>
    host.run({ argv, netns: where.netns, timeout: (seconds + 20) * 1000, signal });
  const ping = (...words: readonly string[]): readonly string[] => [
    ...['ping', '-n', '-i', String(PACE.interval), ...words],
    ...whereTo,
  ];
  const pattern = randomBytes(8).toString('hex');
  const inRow = (seconds: number) =>
    run(ping('-q', '-c', String(PACE.row), '-w', String(seconds)), seconds);
  const before = await inRow(5);
  if (before.exitCode !== 0)
    throw new Error(
      `no ping from ${probe.check.from} to ${probe.check.to} was answered beforehand`,
    );
  const all = run(ping('-D', '-p', pattern, '-w', String(PACE.all)), PACE.all);
  // What interrupts it interrupts what is waited for, too, and is told of that.
  all.catch(() => undefined);
  const end = async (): Promise<Pinged> => {
    await host.run({ argv: shell(STOP, pattern), timeout: 20_000 });
    return read((await all).stdout);
  };
  let isBack: boolean;
  try {
    // They have begun by the time that others which began later are answered.
    await inRow(5);
    await act();
    const isLost = legs.some(({ prediction }) => prediction.outcome === 'drop');
    isBack = (await inRow(isLost ? 3 : PACE.back)).exitCode === 0;
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
  const pinged = await end();
  return isBack ? pinged : { ...pinged, gap: undefined };
}

/** What `ping -D` prints: seconds since 1970 before each answer, and its counts at the end. */
export function read(text: string): Pinged {
  const times = [...text.matchAll(/^\[(\d+\.\d+)\] .*icmp_seq=\d+ ttl=.*$/gm)]
    .filter(([line]) => !line.includes('DUP!'))
    .map(([, seconds]) => Number(seconds) * 1000);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const sent = Number(/(\d+) packets transmitted/.exec(text)?.[1] ?? times.length);
  return {
    ...{ sent, answered: times.length },
    gap: gaps.length === 0 ? undefined : Math.round(Math.max(...gaps)),
  };
}
