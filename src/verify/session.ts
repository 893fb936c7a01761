import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../apply/hosts/define.js';
import { messageOf } from '../errors.js';
import type { Hop } from '../hops/types.js';
import type { Witness } from '../probes/define.js';
import type { CapturedFrame } from './pcap.js';
import { createPcapReader } from './pcap.js';
import { ASK_WITNESS, READ_CAPTURES, START_CAPTURES, START_WITNESS, STOP } from './scripts.js';

/** A hop to capture on, with the network namespace that it is in on its machine. */
export interface CapturePoint {
  readonly hop: Hop;
  readonly netns: string | undefined;
}

/** All captures and witnesses of one verification on one machine. */
export interface CaptureSession {
  /** Why a hop is not captured, by its id; absent where it is. */
  readonly failures: ReadonlyMap<string, string>;
  /** Everything captured so far, by the hop's id, oldest first. */
  read(): Promise<ReadonlyMap<string, readonly CapturedFrame[]>>;
  /** Ask a witness what it heard. */
  ask(witness: Witness): Promise<string>;
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly filter: string;
  /** Seconds after which everything on the machine ends by itself, whatever becomes of patchlab. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

const shell = (script: string, ...args: readonly string[]): readonly string[] => [
  ...['sh', '-c', script, 'patchlab-verify'],
  ...args,
];

/**
 * Start capturing on a machine and wait until every capture listens.
 * @throws PatchlabError when the machine cannot be reached
 */
export async function startSession(
  host: Host,
  points: readonly CapturePoint[],
  witnesses: readonly Witness[],
  { filter, limit, signal }: SessionOptions,
): Promise<CaptureSession> {
  const args = points.flatMap(({ hop, netns }) => [netns ?? '-', hop.device]);
  const started = await host.run({
    argv: shell(START_CAPTURES, String(limit), filter, ...args),
    timeout: 60_000,
    signal,
  });
  const [folder = '', ...states] = started.stdout.split('\n');
  const failures = new Map(
    points.flatMap(({ hop }, index) => {
      const state = states[index] ?? (started.stderr || 'the capture did not start');
      return state === 'ok' ? [] : [[hop.id, `tcpdump on ${hop.label}: ${state}`] as const];
    }),
  );
  const stop = async (): Promise<void> => {
    if (folder !== '') await host.run({ argv: shell(STOP, folder), timeout: 20_000 });
  };
  try {
    await Promise.all(
      daemonsOf(witnesses).map(({ witness, name, devices }) =>
        host.run({
          argv: shell(
            START_WITNESS,
            ...[String(limit), folder, name, witness.stack.where.netns ?? '-'],
            ...witness.daemon(devices),
          ),
          timeout: 20_000,
          signal,
        }),
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const files = host.name === 'local' ? readLocally : readThrough(host);
  return {
    failures,
    stop,
    async read() {
      const contents = await files(folder, points.length);
      return new Map(
        points.map(({ hop }, index) => [hop.id, framesIn(contents[index] ?? new Uint8Array(0))]),
      );
    },
    async ask(witness) {
      const { stdout } = await host.run({
        argv: shell(ASK_WITNESS, folder, nameOf(witness), ...witness.ask),
        timeout: 20_000,
      });
      return stdout;
    },
  };
}

const nameOf = (witness: Witness): string =>
  `${witness.name}-${witness.stack.id.replaceAll('/', '_')}`;

/** One daemon for each stack, with the devices of all that ask for it. */
function daemonsOf(witnesses: readonly Witness[]) {
  const byName = new Map<string, { witness: Witness; name: string; devices: string[] }>();
  for (const witness of witnesses) {
    const name = nameOf(witness);
    const entry = byName.get(name) ?? { witness, name, devices: [] };
    if (!entry.devices.includes(witness.device)) entry.devices.push(witness.device);
    byName.set(name, entry);
  }
  return [...byName.values()];
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
