import { openHosts } from '../apply/hosts/index.js';
import { decodeFrame, describeFrame, type SeenFrame } from '../frames/decode.js';
import { chooseHops } from '../verify/capture/choose.js';
import { startLive, type LiveFrame } from '../verify/capture/live.js';
import type { Standing } from './running-lab.js';

/** What is captured, and for how long. */
export interface CaptureOptions {
  /** Only frames that this expression of pcap-filter(7) takes. */
  readonly filter?: string;
  /** Put the devices into promiscuous mode, which changes what they take in. */
  readonly promiscuous?: boolean;
  /** Milliseconds after which it ends by itself. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** A frame that was captured at a hop. */
export interface HeardFrame {
  /** The hop by its label: `sw1:eth1`, `sw1:eth1 macvtap`. */
  readonly at: string;
  /** Seconds since the epoch by the clock of this machine. */
  readonly time: number;
  /** As much of it as was captured. */
  readonly bytes: Uint8Array;
  /** Octets that it had on the wire. */
  readonly length: number;
  readonly frame: SeenFrame;
  /** A line of text, as tcpdump would put it. */
  readonly text: string;
}

/** Frames as they come, in the order of time. Once it is left, or the signal or time has ended it, nothing captures any more. */
export interface RunningCapture extends AsyncIterable<HeardFrame>, AsyncDisposable {
  /** The hops that are captured on, by their labels. */
  readonly hops: readonly string[];
  /** End it; whoever iterates gets what was captured until now. */
  stop(): void;
}

const heard = ({ hop, time, bytes, length }: LiveFrame): HeardFrame => {
  const frame = decodeFrame(bytes, length);
  return { at: hop.label, time, bytes, length, frame, text: describeFrame(frame) };
};

/** Capture on hops of a lab; every capture listens once this is fulfilled. @throws PatchlabError `lab/unknown-place`, `capture/filter`, `capture/nowhere` */
export async function startCapture(
  { lab, plan, wiring }: Standing,
  places: readonly string[],
  { filter = '', promiscuous = false, timeout, signal }: CaptureOptions,
): Promise<RunningCapture> {
  const chosen = chooseHops(lab, wiring.graph, places);
  const hosts = openHosts(plan);
  const stop = new AbortController();
  try {
    const begun = signal ?? new AbortController().signal;
    const live = await startLive(chosen, hosts, {
      ...{ machine: lab.machine, filter, promiscuous, signal: begun },
    });
    const ends = [stop.signal, begun];
    if (timeout !== undefined) ends.push(AbortSignal.timeout(timeout));
    const close = async (): Promise<void> => {
      stop.abort();
      await live.close();
      await hosts.close();
    };
    return {
      hops: live.hops.map(({ label }) => label),
      stop: () => {
        stop.abort();
      },
      async *[Symbol.asyncIterator]() {
        try {
          for await (const frames of live.frames(AbortSignal.any(ends))) yield* frames.map(heard);
        } finally {
          await close();
        }
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await hosts.close();
    throw error;
  }
}
