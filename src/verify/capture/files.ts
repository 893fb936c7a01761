import type { Host } from '../../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../../errors.js';
import { followFiles, type Growth, type ReadSoFar } from './grow.js';
import { createPcapReader, type CapturedFrame } from './pcap.js';
import type { CapturePoint } from './session.js';

/** A capture and how far it has been read. */
interface Progress extends ReadSoFar {
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

/** The captures in a folder of a machine, read as they grow. */
export interface CaptureFiles {
  /** What has come since the last reading. */
  read(): Promise<CaptureNews>;
  close(): Promise<void>;
}

/** Read the captures in a folder of a machine. */
export function captureFiles(
  host: Host,
  folder: string,
  points: readonly CapturePoint[],
  { lasting = false }: ReadOptions = {},
): CaptureFiles {
  const following = followFiles(host, folder, lasting);
  const files = points.map(({ hop }): Progress => ({
    ...{ hop: hop.id, label: hop.label, reader: createPcapReader() },
    ...{ part: 0, bytes: 0, total: 0, isBroken: false },
  }));
  const read = async (): Promise<CaptureNews> => {
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
      const grown = await following.grow(files).catch((error: unknown) => {
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
  return { read, close: () => following.close() };
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
