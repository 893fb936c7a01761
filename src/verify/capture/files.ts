import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../../errors.js';
import { READ_CAPTURES } from './scripts.js';
import { createPcapReader, type CapturedFrame } from './pcap.js';
import { shell } from '../run/scripts.js';
import type { CapturePoint, CaptureSession } from './session.js';

/** A capture file and how far it has been read. */
interface Progress {
  readonly hop: string;
  readonly label: string;
  readonly reader: ReturnType<typeof createPcapReader>;
  bytes: number;
  isBroken: boolean;
}

/** What has come since the last reading. */
export interface CaptureNews {
  /** By the hop's id, oldest first; hops without anything new are left out. */
  readonly frames: ReadonlyMap<string, readonly CapturedFrame[]>;
  /** Why captures can be read no further, by the hop's id, each told once. */
  readonly broken: ReadonlyMap<string, string>;
}

/** Bytes of one capture that are read: what is more is no lab's doing. */
const MOST = 256 * 1024 * 1024;

/** What the files hold beyond the bytes that are known, in their order. */
type Grow = (known: readonly number[]) => Promise<readonly Uint8Array[]>;

/** Read the capture files in a folder of a machine as they grow: every call gives what has come since the last. */
export function captureFiles(
  host: Host,
  folder: string,
  points: readonly CapturePoint[],
): CaptureSession['read'] {
  const grow = host.name === 'local' ? locally(folder) : through(host, folder);
  const files = points.map(({ hop }): Progress => ({
    hop: hop.id,
    label: hop.label,
    reader: createPcapReader(),
    bytes: 0,
    isBroken: false,
  }));
  return async () => {
    const frames = new Map<string, readonly CapturedFrame[]>();
    const broken = new Map<string, string>();
    const grown = await grow(files.map(({ bytes }) => bytes)).catch((error: unknown) => {
      // What such a machine would have said is not known of any of its captures.
      for (const { hop } of files) broken.set(hop, unreachable(host.name, error));
      return [];
    });
    for (const [index, file] of files.entries()) {
      const chunk = grown[index];
      if (file.isBroken || chunk === undefined || chunk.length === 0) continue;
      try {
        file.bytes += chunk.length;
        if (file.bytes > MOST) throw new RangeError(`it has more than ${MOST} bytes`);
        const news = file.reader.push(chunk);
        if (news.length > 0) frames.set(file.hop, news);
      } catch (error) {
        file.isBroken = true;
        broken.set(file.hop, nonsense(file.label, error));
      }
    }
    return { frames, broken };
  };
}

/** What to say of a machine whose captures could not be started or read. */
export const unreachable = (host: string, error: unknown): string =>
  `${host} cannot be captured on: ${reasonOf(error)}`;

const nonsense = (label: string, error: unknown): string =>
  `The capture at ${label} makes no sense: ${reasonOf(error)}`;

const reasonOf = (error: unknown): string =>
  error instanceof PatchlabError && error.why !== undefined
    ? `${error.what} ${error.why}`
    : messageOf(error);

const NOTHING = new Uint8Array(0);

/** Small reads of local files: at once, since each takes microseconds and a thread for it takes more. */
const locally =
  (folder: string): Grow =>
  (known) =>
    Promise.resolve(known.map((from, index) => readFrom(join(folder, `${index}.pcap`), from)));

function readFrom(file: string, from: number): Uint8Array {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= from) return NOTHING;
  const bytes = new Uint8Array(size - from);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, from));
  } finally {
    closeSync(descriptor);
  }
}

const through =
  (host: Host, folder: string): Grow =>
  async (known) => {
    const { stdout } = await host.run({
      argv: shell(READ_CAPTURES, folder, ...known.map((bytes) => String(bytes + 1))),
      timeout: 60_000,
    });
    return stdout.split('.').map((text) => new Uint8Array(Buffer.from(text, 'base64')));
  };
