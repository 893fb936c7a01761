import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../apply/hosts/define.js';
import { messageOf } from '../errors.js';
import type { Hop } from '../hops/types.js';
import type { Witness } from '../probes/define.js';
import type { CapturedFrame } from './pcap.js';
import { createPcapReader } from './pcap.js';
import {
  ASK_WITNESS,
  CHECK_CAPTURES,
  READ_CAPTURES,
  shell,
  START_CAPTURES,
  STOP,
} from './scripts.js';
import { nameOf, startWitnesses } from './witness.js';

/** A hop to capture on, with the network namespace that it is in on its machine. */
export interface CapturePoint {
  readonly hop: Hop;
  readonly netns: string | undefined;
}

/** All captures and witnesses of one verification on one machine. */
export interface CaptureSession {
  /** Why a hop is not captured, by its id; absent where it is. */
  readonly failures: ReadonlyMap<string, string>;
  /** Why a witness does not run, by `nameOf`; absent where it does. */
  readonly deaf: ReadonlyMap<string, string>;
  /** Everything captured so far, by the hop's id, oldest first. */
  read(): Promise<ReadonlyMap<string, readonly CapturedFrame[]>>;
  /** Captures that have ended since they began, with the reason, by the hop's id: what they did not see is not known. */
  ended(): Promise<ReadonlyMap<string, string>>;
  /** Ask a witness what it heard; `undefined` when it does not answer. */
  ask(witness: Witness): Promise<string | undefined>;
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly filter: string;
  /** Seconds after which everything on the machine ends by itself, whatever becomes of patchlab. */
  readonly limit: number;
}

/**
 * Start capturing on a machine and wait until every capture listens. It cannot be broken off: what is half
 * started could not be ended. The caller stops what it got.
 * @throws PatchlabError when the machine cannot be reached
 */
export async function startSession(
  host: Host,
  points: readonly CapturePoint[],
  witnesses: readonly Witness[],
  { filter, limit }: SessionOptions,
): Promise<CaptureSession> {
  const folder = `/run/patchlab-verify.${randomUUID()}`;
  const stop = async (): Promise<void> => {
    await host.run({ argv: shell(STOP, folder), timeout: 20_000 });
  };
  try {
    const failures = await startCaptures(host, folder, points, filter, limit);
    const deaf = await startWitnesses(host, folder, witnesses, limit);
    return { failures, deaf, stop, ...readers(host, folder, points) };
  } catch (error) {
    // The first error is the one to tell; a machine that is gone takes its captures with it.
    await stop().catch(() => undefined);
    throw error;
  }
}

/** @returns why hops are not captured, by id */
async function startCaptures(
  host: Host,
  folder: string,
  points: readonly CapturePoint[],
  filter: string,
  limit: number,
): Promise<ReadonlyMap<string, string>> {
  const args = points.flatMap(({ hop, netns }) => [netns ?? '-', hop.device]);
  const { stdout, stderr } = await host.run({
    argv: shell(START_CAPTURES, folder, String(limit), filter, ...args),
    timeout: 60_000,
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

type Readers = Pick<CaptureSession, 'read' | 'ended' | 'ask'>;

function readers(host: Host, folder: string, points: readonly CapturePoint[]): Readers {
  const files = host.name === 'local' ? readLocally : readThrough(host);
  return {
    async read() {
      const contents = await files(folder, points.length);
      return new Map(
        points.map(({ hop }, index) => [hop.id, framesIn(contents[index] ?? new Uint8Array(0))]),
      );
    },
    async ended() {
      const argv = shell(CHECK_CAPTURES, folder, String(points.length));
      try {
        const { stdout } = await host.run({ argv, timeout: 20_000 });
        return failuresIn(points, stdout, 'ended');
      } catch (error) {
        return new Map(points.map(({ hop }) => [hop.id, unreachable(host.name, error)]));
      }
    },
    async ask(witness) {
      const { exitCode, stdout } = await host.run({
        argv: shell(ASK_WITNESS, folder, nameOf(witness), ...witness.ask),
        timeout: 20_000,
      });
      return exitCode === 0 ? stdout : undefined;
    },
  };
}

const framesIn = (bytes: Uint8Array): readonly CapturedFrame[] => createPcapReader().push(bytes);

type ReadFiles = (folder: string, count: number) => Promise<readonly Uint8Array[]>;

const readLocally: ReadFiles = (folder, count) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      readFile(join(folder, `${index}.pcap`)).catch(() => new Uint8Array(0)),
    ),
  );

const readThrough =
  (host: Host): ReadFiles =>
  async (folder, count) => {
    const { stdout } = await host.run({
      argv: shell(READ_CAPTURES, folder, String(count)),
      timeout: 60_000,
    });
    return stdout.split('.').map((text) => new Uint8Array(Buffer.from(text, 'base64')));
  };

/** What to say of a machine whose captures could not be started. */
export const unreachable = (host: string, error: unknown): string =>
  `${host} cannot be captured on: ${messageOf(error)}`;
