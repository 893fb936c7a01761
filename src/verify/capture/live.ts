import { setTimeout as delay } from 'node:timers/promises';
import type { Host, Hosts } from '../../apply/hosts/define.js';
import { PatchlabError } from '../../errors.js';
import type { Hop } from '../../hops/types.js';
import type { Where } from '../../where.js';
import type { Sessions } from '../run/wave.js';
import { compareClocks, localTime } from './host-clocks.js';
import { createTimeOrder } from './in-order.js';
import type { CapturedFrame } from './pcap.js';
import { hasEnded } from './session.js';
import { pointsOf, startSessions, stopAll, type Lacks } from './sessions.js';

/** Captures on many hops that go on until somebody ends them, as one stream of frames. */

/** A frame at a hop; its time is by the clock of this machine, whoever captured it. */
export interface LiveFrame extends CapturedFrame {
  readonly hop: Hop;
}

export interface LiveCapture {
  /** The hops that are captured on. */
  readonly hops: readonly Hop[];
  /** By how many seconds the clocks of machines are ahead of this one's; corrected in all frames. */
  readonly ahead: ReadonlyMap<string, number>;
  /** Hops that are not captured on, or not any more, or whose captures missed frames. It grows. */
  readonly lacks: Lacks;
  /** Frames that stand behind younger ones, because they took too long to come. */
  readonly late: number;
  /**
   * What comes, in the order of time; an empty list where nothing came for a moment. It ends, with all that was captured,
   * when the signal is raised or no capture is left.
   */
  frames(signal: AbortSignal): AsyncGenerator<readonly LiveFrame[]>;
  close(): Promise<void>;
}

export interface LiveOptions {
  /** Whose tcpdump is asked about the filter: a guest may not answer. */
  readonly machine: Where;
  readonly filter: string;
  readonly promiscuous: boolean;
  readonly signal: AbortSignal;
}

/** Seconds after which captures end by themselves when nobody reads them any more. */
const LIMIT = 120;
/** Milliseconds between two looks at the captures, and between two at whether they have missed anything. */
const POLL = 100;
const CHECK = 5000;
/** Seconds until a frame has surely been written by the tcpdump that captured it. */
const HOLD = 0.3;

/**
 * Begin to capture, and wait until every capture listens.
 * @throws PatchlabError `capture/filter`, `capture/nowhere`
 */
export async function startLive(
  hops: readonly Hop[],
  hosts: Hosts,
  { machine, filter, promiscuous, signal }: LiveOptions,
): Promise<LiveCapture> {
  await demandFilter(filter, hosts.at(machine));
  const lacks: Lacks = { failures: new Map(), gone: new Map() };
  const settings = { filter, promiscuous, limit: LIMIT, lasting: true, lacks, signal };
  const sessions = await startSessions(pointsOf(hops), [], hosts, settings);
  const isLost = ({ id }: Hop): boolean => lacks.failures.has(id) || lacks.gone.has(id);
  const captured = hops.filter((hop) => !isLost(hop));
  if (captured.length === 0) {
    await stopAll(sessions);
    throw new PatchlabError('capture/nowhere', {
      what: 'None of the hops can be captured on.',
      why: [...new Set([...lacks.failures.values(), ...lacks.gone.values()])].join('\n'),
    });
  }
  const ahead = await compareClocks([...sessions.keys()].map((host) => hosts.named(host)));
  const order = createTimeOrder<LiveFrame>();
  return {
    hops: captured,
    ahead,
    lacks,
    get late() {
      return order.late;
    },
    close: () => stopAll(sessions),
    async *frames(stop) {
      const byId = new Map(captured.map((hop) => [hop.id, hop]));
      let checked = performance.now();
      const isOver = (): boolean => captured.every(({ id }) => hasEnded(lacks.failures.get(id)));
      while (!stop.aborted && !isOver()) {
        await delay(POLL, undefined, { signal: stop }).catch(() => undefined);
        if (performance.now() > checked + CHECK) {
          await check(sessions, lacks);
          checked = performance.now();
        }
        const begun = localTime();
        const isBehind = await read();
        yield order.take(isBehind ? -Infinity : begun - HOLD);
      }
      await check(sessions, lacks);
      await read();
      yield order.take(Infinity);

      async function read(): Promise<boolean> {
        const news = await Promise.all(
          [...sessions].map(async ([host, session]) => ({ host, ...(await session.read()) })),
        );
        for (const { host, frames, broken } of news) {
          const error = ahead.get(host) ?? 0;
          for (const [id, seen] of frames) {
            const hop = byId.get(id);
            if (hop) order.push(seen.map((frame) => ({ ...frame, hop, time: frame.time - error })));
          }
          note(broken, lacks);
        }
        return news.some(({ isBehind }) => isBehind);
      }
    },
  };
}

/** Ask all captures what they have missed; they write what they have by then. */
async function check(sessions: Sessions, lacks: Lacks): Promise<void> {
  const ended = await Promise.all([...sessions.values()].map((session) => session.ended()));
  for (const one of ended) note(one, lacks);
}

/** Why a capture has ended is told once; how much it has missed, as it is by now. */
function note(news: ReadonlyMap<string, string>, { failures }: Lacks): void {
  for (const [hop, why] of news) if (!hasEnded(failures.get(hop))) failures.set(hop, why);
}

/** @throws PatchlabError `capture/filter` in the words of tcpdump */
async function demandFilter(filter: string, host: Host): Promise<void> {
  const argv = ['tcpdump', '-y', 'EN10MB', '-d', '--', filter];
  const { exitCode, stderr } = await host.run({ argv, timeout: 20_000 });
  if (exitCode === 0) return;
  throw new PatchlabError('capture/filter', {
    what: `tcpdump does not take the filter \`${filter}\`.`,
    why: stderr.trim().split('\n').at(-1) ?? '',
  });
}
