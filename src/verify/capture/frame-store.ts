import { decodeFrame, type SeenFrame } from '../../frames/decode.js';
import type { CapturedFrame } from './pcap.js';
import type { Sessions } from '../run/wave.js';

/** What the captures of a verification have seen so far, decoded once. */
export interface FrameStore {
  /** Take in what the captures have seen since the last time. @returns why some can be read no further, by the hop's id */
  update(): Promise<ReadonlyMap<string, string>>;
  /** From now on `since` tells only of frames that come later. */
  mark(): void;
  since(hop: string): readonly SeenFrame[];
  all(hop: string): readonly CapturedFrame[];
  /** All of them, decoded. */
  decoded(hop: string): readonly SeenFrame[];
}

interface Seen {
  readonly captured: CapturedFrame[];
  readonly decoded: SeenFrame[];
  /** Those since the mark. */
  recent: SeenFrame[];
}

/** Keep what the captures of these sessions see. */
export function createFrameStore(sessions: Sessions): FrameStore {
  const byHop = new Map<string, Seen>();
  return {
    async update() {
      const reads = await Promise.all([...sessions.values()].map((session) => session.read()));
      for (const [hop, captured] of reads.flatMap(({ frames }) => [...frames])) {
        const seen = byHop.get(hop) ?? { captured: [], decoded: [], recent: [] };
        seen.captured.push(...captured);
        const decoded = captured.map(({ bytes, length }) => decodeFrame(bytes, length));
        seen.decoded.push(...decoded);
        seen.recent.push(...decoded);
        byHop.set(hop, seen);
      }
      return new Map(reads.flatMap(({ broken }) => [...broken]));
    },
    mark() {
      for (const seen of byHop.values()) seen.recent = [];
    },
    since: (hop) => byHop.get(hop)?.recent ?? [],
    decoded: (hop) => byHop.get(hop)?.decoded ?? [],
    all: (hop) => byHop.get(hop)?.captured ?? [],
  };
}
