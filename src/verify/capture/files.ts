import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../apply/hosts/define.js';
import { READ_CAPTURES } from './scripts.js';
import { createPcapReader, type CapturedFrame } from './pcap.js';
import { shell } from '../run/scripts.js';
import type { CapturePoint, CaptureSession } from './session.js';

/** A capture file and how far it has been read. */
interface Progress {
  readonly hop: string;
  readonly reader: ReturnType<typeof createPcapReader>;
  bytes: number;
}

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
    reader: createPcapReader(),
    bytes: 0,
  }));
  return async () => {
    const grown = await grow(files.map(({ bytes }) => bytes));
    const news = new Map<string, readonly CapturedFrame[]>();
    for (const [index, file] of files.entries()) {
      const chunk = grown[index];
      if (chunk === undefined || chunk.length === 0) continue;
      file.bytes += chunk.length;
      const frames = file.reader.push(chunk);
      if (frames.length > 0) news.set(file.hop, frames);
    }
    return news;
  };
}

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
