import { decodeFrame, type Frame } from './frame.js';
import type { CapturedFrame } from './pcap.js';
import type { Sessions } from './wave.js';

/** What the captures of a verification have seen so far, decoded once. */
export interface FrameStore {
  /** Read all captures anew. */
  update(): Promise<void>;
  /** From now on `since` tells only of frames that come later. */
  mark(): void;
  since(hop: string): readonly Frame[];
  all(hop: string): readonly CapturedFrame[];
}

interface Seen {
  captured: readonly CapturedFrame[];
  readonly decoded: Frame[];
  marked: number;
}

/** Keep what the captures of these sessions see. */
export function createFrameStore(sessions: Sessions): FrameStore {
  const byHop = new Map<string, Seen>();
  return {
    async update() {
      const reads = await Promise.all([...sessions.values()].map((session) => session.read()));
      for (const [hop, captured] of reads.flatMap((read) => [...read])) {
        const seen = byHop.get(hop) ?? { captured, decoded: [], marked: 0 };
        seen.captured = captured;
        for (const { bytes } of captured.slice(seen.decoded.length))
          seen.decoded.push(decodeFrame(bytes));
        byHop.set(hop, seen);
      }
    },
    mark() {
      for (const seen of byHop.values()) seen.marked = seen.decoded.length;
    },
    since(hop) {
      const seen = byHop.get(hop);
      return seen?.decoded.slice(seen.marked) ?? [];
    },
    all: (hop) => byHop.get(hop)?.captured ?? [],
  };
}
