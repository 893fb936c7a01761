import { classifyFrame, decodeFrame, describeFrame } from '../frames/decode.js';
import { rulesOf } from '../hops/kinds/index.js';
import { frameLines } from '../report/terminal/capture.js';
import { shownJson } from '../shown.js';
import { interfaceOf } from '../verify/evidence/annotate.js';
import { pcapngHead, pcapngPackets, pcapngStatistics } from '../verify/evidence/pcapng.js';
import { ETHERNET_HEADER } from '../verify/capture/pcap.js';
import { localTime } from '../verify/capture/host-clocks.js';
import type { LiveCapture, LiveFrame } from '../verify/capture/live.js';
import type { Context } from './define.js';
import { version } from '../report/version.js';
import { hostNameOf } from '../where.js';

/** Takes the frames of a capture. */
export type Sink = (frames: readonly LiveFrame[]) => void;

/** Milliseconds without a frame after which a reader hears that the capture goes on. */
const IDLE = 1000;

/**
 * As a stream for Wireshark: an interface for each hop.
 * @param comment - about all of it
 * @param idle - say something when nothing comes, so that a reader that has gone away is noticed
 */
export function pcapngSink(
  { hops, ahead }: LiveCapture,
  comment: string,
  write: (bytes: Uint8Array) => void,
  idle: boolean,
): Sink {
  const index = new Map(hops.map(({ id }, at) => [id, at]));
  write(
    pcapngHead({
      application: `patchlab ${version}`,
      comments: [comment],
      interfaces: hops.map((hop) => interfaceOf(hop, hostNameOf(hop.where), ahead)),
    }),
  );
  let written = performance.now();
  return (frames) => {
    const now = performance.now();
    if (frames.length === 0 && (!idle || now < written + IDLE)) return;
    written = now;
    if (frames.length === 0) write(pcapngStatistics(0, localTime()));
    else
      write(
        pcapngPackets(
          frames.map(({ hop, ...frame }) => ({
            ...(rulesOf(hop.kind).linkType === undefined ? frame : bareMessage(frame)),
            interface: index.get(hop.id) ?? 0,
            comments: [],
          })),
        ),
      );
  };
}

/** A message as it was captured, without the header of Ethernet that it got when it was read. */
const bareMessage = <F extends Pick<LiveFrame, 'bytes' | 'length'>>(frame: F): F => ({
  ...frame,
  bytes: frame.bytes.subarray(ETHERNET_HEADER),
  length: frame.length - ETHERNET_HEADER,
});

/** As text, a line a frame. */
export function textSink({ hops }: LiveCapture, { print }: Context): Sink {
  const lineOf = frameLines(hops);
  return (frames) => {
    if (frames.length > 0) print(frames.map(lineOf).join('\n'));
  };
}

/** As JSON, an object a line. */
export const jsonLine = ({ print }: Pick<Context, 'print'>, value: object): void =>
  print(shownJson(JSON.stringify({ version: 1, ...value })));

/** As JSON, an object a frame. */
export const jsonSink =
  (context: Context): Sink =>
  (frames) => {
    for (const { hop, time, bytes, length } of frames) {
      const frame = decodeFrame(bytes, length);
      jsonLine(context, {
        event: 'frame',
        ...{ time, hop: hop.label, stack: hop.stack, device: hop.device },
        ...{ class: classifyFrame(frame) ?? null, src: frame.src, dst: frame.dst },
        etherType: frame.etherType ?? null,
        vlans: frame.vlans.map(({ id }) => id),
        ...{ length, text: describeFrame(frame) },
      });
    }
  };
