import { classifyFrame, decodeFrame, describeFrame } from '../../frames/decode.js';
import type { Hop } from '../../hops/types.js';
import { shownLine } from '../../shown.js';
import type { CapturedFrame } from '../../verify/capture/pcap.js';

/** Columns of the class of a frame: most fit. */
const CLASS = 16;

/** Writes frames of some hops, a line each: seconds since the first one, hop, class, what it is. */
export function frameLines(
  hops: readonly Hop[],
): (frame: CapturedFrame & { readonly hop: Hop }) => string {
  const width = Math.max(...hops.map(({ label }) => label.length));
  let first: number | undefined;
  return ({ hop, time, bytes, length }) => {
    first ??= time;
    const frame = decodeFrame(bytes, length);
    return [
      (time - first).toFixed(6).padStart(11),
      hop.label.padEnd(width),
      (classifyFrame(frame) ?? '-').padEnd(CLASS),
      shownLine(describeFrame(frame)),
    ].join('  ');
  };
}
