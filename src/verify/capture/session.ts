import { randomUUID } from 'node:crypto';
import type { Host } from '../../apply/hosts/define.js';
import { hopId } from '../../hops/graph.js';
import type { Hop } from '../../hops/types.js';
import type { Server, Witness } from '../../probes/define.js';
import { CHECK_CAPTURES, START_CAPTURES } from './scripts.js';
import { captureFiles, unreachable, type CaptureNews, type ReadOptions } from './files.js';
import { shell, startTime, STOP } from '../run/scripts.js';
import { startServers } from '../witness/servers.js';
import { askWitnesses, startWitnesses } from '../witness/witness.js';

/** A hop to capture on, with the network namespace that it is in on its machine. */
export interface CapturePoint {
  readonly hop: Hop;
  readonly netns: string | undefined;
}

/** Captures, and daemons that bear witness, on one machine. */
export interface CaptureSession {
  /** Why a hop is not captured, by its id; absent where it is. */
  readonly failures: ReadonlyMap<string, string>;
  /** Why no frame can be at a hop: its device or its namespace is not there, or the device is down. By its id. */
  readonly gone: ReadonlyMap<string, string>;
  /** Why a witness does not run, by `nameOf`; absent where it does. */
  readonly deaf: ReadonlyMap<string, string>;
  /** Why a server does not listen, by `serverName`; absent where it does. */
  readonly closed: ReadonlyMap<string, string>;
  /** What was captured since the last reading. */
  read(): Promise<CaptureNews>;
  /**
   * Captures that have ended since they began, do not answer or have missed frames, with the reason, by the hop's id:
   * what they did not see is not known.
   */
  ended(): Promise<ReadonlyMap<string, string>>;
  /** Ask witnesses what they heard: an answer for each, `undefined` where one does not answer. */
  ask(witnesses: readonly Witness[]): Promise<readonly (string | undefined)[]>;
  stop(): Promise<void>;
}

export interface SessionOptions extends ReadOptions {
  readonly filter: string;
  /** Put the devices into promiscuous mode, which changes what some of them deliver. */
  readonly promiscuous?: boolean;
  /** What is to listen at ports meanwhile. */
  readonly servers?: readonly Server[];
  /** Seconds after which everything on the machine ends by itself, whatever becomes of patchlab. */
  readonly limit: number;
}

/** Folders that are in memory: shm_overview(7); a guest has nothing else. */
const SHORT_LIVED = { local: '/dev/shm', guest: '/run' } as const;

/**
 * Start capturing on a machine and wait until every capture listens. It cannot be broken off: what is half
 * started could not be ended. The caller stops what it got.
 * @throws PatchlabError when the machine cannot be reached
 */
export async function startSession(
  host: Host,
  points: readonly CapturePoint[],
  witnesses: readonly Witness[],
  options: SessionOptions,
): Promise<CaptureSession> {
  const folder = `${SHORT_LIVED[host.name === 'local' ? 'local' : 'guest']}/patchlab-verify.${randomUUID()}`;
  const files = captureFiles(host, folder, points, options);
  const stop = async (): Promise<void> => {
    await files.close().catch(() => undefined);
    await host.run({ argv: shell(STOP, folder), timeout: 20_000 });
  };
  try {
    const silent = await startCaptures(host, folder, points, options);
    const gone = new Map([...silent].filter(([, why]) => NOTHING_THERE.test(why)));
    const present = witnesses.filter(({ stack, device }) => !gone.has(hopId(stack.id, device)));
    const [deaf, closed] = await Promise.all([
      startWitnesses(host, folder, present, options.limit),
      startServers(host, folder, options.servers ?? [], options.limit),
    ]);
    return {
      failures: new Map([...silent].filter(([hop]) => !gone.has(hop))),
      gone,
      deaf,
      closed,
      stop,
      // A machine that does not answer does not answer for any of them.
      ask: (asked) => askWitnesses(host, folder, asked).catch(() => asked.map(() => undefined)),
      read: () => files.read(),
      async ended() {
        const argv = shell(CHECK_CAPTURES, folder, String(points.length));
        try {
          const { stdout } = await host.run({ argv, timeout: 20_000 });
          return new Map(
            [...failuresIn(points, stdout, 'ended')].filter(([hop]) => !gone.has(hop)),
          );
        } catch (error) {
          return new Map(points.map(({ hop }) => [hop.id, unreachable(host.name, error)]));
        }
      },
    };
  } catch (error) {
    // The first error is the one to tell; a machine that is gone takes its captures with it.
    await stop().catch(() => undefined);
    throw error;
  }
}

/** What tcpdump says of a device that is not there or is down, and nsenter(1) of a namespace: no frame is seen there. */
const NOTHING_THERE = /No such device|device is not up|cannot open .*: No such file/;

/** Does it say that a capture is over, and not only that it had no time for some frames? Nothing is said of one that is well. */
export const hasEnded = (why: string | undefined): boolean =>
  why !== undefined && !/: it missed \d+ frames/.test(why);

/** @returns why hops are not captured, by id */
async function startCaptures(
  host: Host,
  folder: string,
  points: readonly CapturePoint[],
  { filter, limit, promiscuous = false }: SessionOptions,
): Promise<ReadonlyMap<string, string>> {
  const args = points.flatMap(({ hop, netns }) => [netns ?? '-', hop.device]);
  const { stdout, stderr } = await host.run({
    argv: shell(START_CAPTURES, folder, String(limit), filter, promiscuous ? '' : '-p', ...args),
    timeout: startTime(points.length),
  });
  return failuresIn(points, stdout, stderr || 'the capture did not start');
}

/** What a script says of each capture, a line each, where it is not `ok`. */
const failuresIn = (
  points: readonly CapturePoint[],
  stdout: string,
  otherwise: string,
): ReadonlyMap<string, string> => {
  const states = stdout.split('\n').slice(0, -1);
  return new Map(
    points.flatMap(({ hop }, index) => {
      const state = states[index] ?? otherwise;
      return state === 'ok' ? [] : [[hop.id, `tcpdump on ${hop.label}: ${state}`] as const];
    }),
  );
};
