import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../../errors.js';
import { READ_CAPTURES } from './scripts.js';
import { createPcapReader, type CapturedFrame } from './pcap.js';
import { shell } from '../run/scripts.js';
import type { CapturePoint, CaptureSession } from './session.js';

/** How far a capture has been read: tcpdump goes on in a new file when one is full. */
interface Position {
  /** Number of the file, from 0. */
  part: number;
  /** Bytes of it. */
  bytes: number;
}

/** A capture and how far it has been read. */
interface Progress extends Position {
  readonly hop: string;
  readonly label: string;
  reader: ReturnType<typeof createPcapReader>;
  /** Bytes of all its files. */
  total: number;
  isBroken: boolean;
}

/** What has come since the last reading. */
export interface CaptureNews {
  /** By the hop's id, oldest first; hops without anything new are left out. */
  readonly frames: ReadonlyMap<string, readonly CapturedFrame[]>;
  /** Why captures can be read no further, by the hop's id, each told once. */
  readonly broken: ReadonlyMap<string, string>;
  /** Frames come faster than they can be read: there are more that came before this reading. */
  readonly isBehind: boolean;
}

export interface ReadOptions {
  /** The captures go on for as long as they are read, however much that is. */
  readonly lasting?: boolean;
}

/** Bytes of one capture that are read where it is not a lasting one: what is more is no lab's doing. */
const MOST = 256 * 1024 * 1024;
/** Full files of a capture that are read at once. */
const PARTS = 100;

/** What a file holds beyond the bytes that are known. */
interface Growth {
  readonly bytes: Uint8Array;
  /** Nothing more will come: another file follows. */
  readonly isFull: boolean;
}

/** What captures hold beyond their positions, in their order. */
type Grow = (known: readonly Position[]) => Promise<readonly Growth[]>;

/** Read the captures in a folder of a machine as they grow: every call gives what has come since the last. */
export function captureFiles(
  host: Host,
  folder: string,
  points: readonly CapturePoint[],
  { lasting = false }: ReadOptions = {},
): CaptureSession['read'] {
  const grow = (host.name === 'local' ? locally : through(host))(folder, lasting ? AWAKE : '');
  const files = points.map(({ hop }): Progress => ({
    ...{ hop: hop.id, label: hop.label, reader: createPcapReader() },
    ...{ part: 0, bytes: 0, total: 0, isBroken: false },
  }));
  return async () => {
    const frames = new Map<string, CapturedFrame[]>();
    const broken = new Map<string, string>();
    const take = (file: Progress, { bytes, isFull }: Growth): boolean => {
      try {
        file.bytes += bytes.length;
        file.total += bytes.length;
        if (!lasting && file.total > MOST) throw new RangeError(`it has more than ${MOST} bytes`);
        const news = file.reader.push(bytes);
        const known = frames.get(file.hop);
        if (known) known.push(...news);
        else if (news.length > 0) frames.set(file.hop, news);
      } catch (error) {
        file.isBroken = true;
        broken.set(file.hop, nonsense(file.label, error));
      }
      if (!isFull || file.isBroken) return false;
      Object.assign(file, { reader: createPcapReader(), part: file.part + 1, bytes: 0 });
      return true;
    };
    let isBehind = true;
    for (let round = 0; isBehind && round < PARTS; round += 1) {
      const grown = await grow(files).catch((error: unknown) => {
        // What such a machine would have said is not known of any of its captures.
        for (const { hop } of files) broken.set(hop, unreachable(host.name, error));
        return [];
      });
      const more = files.map((file, index) => {
        const growth = grown[index];
        return !file.isBroken && growth !== undefined && take(file, growth);
      });
      isBehind = more.includes(true);
    }
    return { frames, broken, isBehind };
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
/** Name of the file that says that captures are still wanted: `GROUP`. */
const AWAKE = 'awake';

/** Small reads of local files: at once, since each takes microseconds and a thread for it takes more. */
function locally(folder: string, awake: string): Grow {
  const fileOf = (index: number, part: number): string =>
    join(folder, `${index}.pcap${part === 0 ? '' : part}`);
  const grow = (index: number, { part, bytes }: Position): Growth => {
    if (part > 0 && bytes === 0) rmSync(fileOf(index, part - 1), { force: true });
    const isFull = existsSync(fileOf(index, part + 1));
    return { isFull, bytes: readFrom(fileOf(index, part), bytes) };
  };
  return async (known) => {
    if (awake !== '') writeFileSync(join(folder, awake), '');
    return Promise.resolve(known.map((position, index) => grow(index, position)));
  };
}

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
  (host: Host) =>
  (folder: string, awake: string): Grow =>
  async (known) => {
    const args = known.flatMap(({ part, bytes }) => [String(part), String(bytes + 1)]);
    const { stdout } = await host.run({
      argv: shell(READ_CAPTURES, folder, awake, ...args),
      timeout: 60_000,
    });
    return stdout.split('.').map((text) => ({
      bytes: new Uint8Array(Buffer.from(text.replace('!', ''), 'base64')),
      isFull: text.includes('!'),
    }));
  };
