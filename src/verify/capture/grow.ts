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
import type { Host, OpenFile } from '../../apply/hosts/define.js';
import { PART } from './scripts.js';

/** How far a capture has been read: tcpdump goes on in a new file when one is full. */
export interface ReadSoFar {
  /** Number of the file, from 0. */
  part: number;
  /** Bytes of it. */
  bytes: number;
}

/** What a file holds beyond the bytes that are known. */
export interface Growth {
  readonly bytes: Uint8Array;
  /** Nothing more will come: another file follows. */
  readonly isFull: boolean;
}

/** The files of captures as they grow. */
interface Following {
  /** What captures hold beyond their positions, in their order. A file that was read to its end, and is full, is removed. */
  grow(known: readonly ReadSoFar[]): Promise<readonly Growth[]>;
  close(): Promise<void>;
}

/**
 * Follow the files of captures in a folder of a machine.
 * @param lasting - they go on for as long as they are read: `GROUP`
 */
export function followFiles(host: Host, folder: string, lasting: boolean): Following {
  const awake = lasting ? join(folder, 'awake') : undefined;
  const fileOf: FileOf = (index, part) =>
    join(folder, `${index}.pcap${part === 0 ? '' : String(part)}`);
  return host.open ? opened(host, host.open.bind(host), fileOf, awake) : locally(fileOf, awake);
}

type FileOf = (index: number, part: number) => string;

const NOTHING = new Uint8Array(0);

/** Small reads of local files: at once, since each takes microseconds and a thread for it takes more. */
function locally(fileOf: FileOf, awake: string | undefined): Following {
  const grow = (index: number, { part, bytes }: ReadSoFar): Growth => {
    if (part > 0 && bytes === 0) rmSync(fileOf(index, part - 1), { force: true });
    const isFull = existsSync(fileOf(index, part + 1));
    return { isFull, bytes: readFrom(fileOf(index, part), bytes) };
  };
  return {
    grow(known) {
      if (awake !== undefined) writeFileSync(awake, '');
      return Promise.resolve(known.map((position, index) => grow(index, position)));
    },
    close: () => Promise.resolve(),
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

/** Reads of one file at a time: what a guest gives without end is no capture. */
const READS = 100;

/**
 * Files of a guest, which its agent keeps open: to start one program there costs as much as many such reads. A file is asked
 * for what follows it once it has as many octets as make it full.
 */
function opened(
  host: Host,
  open: NonNullable<Host['open']>,
  fileOf: FileOf,
  awake: string | undefined,
): Following {
  const files = new Map<number, { readonly part: number; readonly file: OpenFile }>();
  const fileAt = async (index: number, part: number): Promise<OpenFile | undefined> => {
    const known = files.get(index);
    if (known?.part === part) return known.file;
    const file = await open(fileOf(index, part), 'r');
    if (!file) return undefined;
    files.set(index, { part, file });
    if (known) {
      await known.file.close();
      await host.run({ argv: ['rm', '-f', fileOf(index, known.part)], timeout: 20_000 });
    }
    return file;
  };
  const isThere = async (path: string): Promise<boolean> => {
    const file = await open(path, 'r');
    await file?.close();
    return file !== undefined;
  };
  const grow = async (index: number, { part, bytes }: ReadSoFar): Promise<Growth> => {
    const file = await fileAt(index, part);
    if (!file) return { bytes: NOTHING, isFull: false };
    const isFull = bytes >= PART * 1e6 && (await isThere(fileOf(index, part + 1)));
    const read: Uint8Array[] = [];
    for (let more = await file.read(); more.length > 0 && read.push(more) < READS;)
      more = await file.read();
    // What is left of a full one comes next time.
    return { bytes: Buffer.concat(read), isFull: isFull && read.length < READS };
  };
  return {
    async grow(known) {
      if (awake !== undefined) await (await open(awake, 'w'))?.close();
      return Promise.all(known.map((position, index) => grow(index, position)));
    },
    async close() {
      await Promise.all([...files.values()].map(({ file }) => file.close()));
    },
  };
}
