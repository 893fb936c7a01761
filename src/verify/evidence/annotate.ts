import { rulesOf } from '../../hops/kinds/index.js';
import type { Hop } from '../../hops/types.js';
import type { Leg } from '../../probes/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { clockErrors, type Passage } from './clocks.js';
import { decodeFrame } from '../../frames/decode.js';
import type { CapturedFrame } from '../capture/pcap.js';
import type { CapturedPacket, CaptureInterface, CaptureSection } from './pcapng.js';
import type { Verdict } from '../judge/verdict.js';
import { THIS_HOST } from '../../topology/lab.js';
import { isAt } from '../capture/look.js';

/** What was captured on one hop. */
export interface HopCapture {
  readonly hop: Hop;
  readonly frames: readonly CapturedFrame[];
}

/** What one needs to know to tell what a captured frame means. */
export interface CaptureContext {
  readonly lab: string;
  readonly title: string | undefined;
  /** The program and its version. */
  readonly application: string;
  readonly checks: readonly PreparedCheck[];
  readonly verdicts: readonly Verdict[];
  /** `local`, or `guest:NODE`. */
  readonly hostOf: (hop: Hop) => string;
}

/**
 * All captures as one file: an interface for each hop, frames in time order by one clock, and a comment on each
 * frame that belongs to a check. Pure.
 */
export function annotate(captures: readonly HopCapture[], context: CaptureContext): CaptureSection {
  const byHop = new Map(captures.map(({ hop, frames }) => [hop.id, decode(frames)]));
  const comments = new Map<CapturedFrame, string[]>();
  const passages: Passage[] = [];
  context.checks.forEach((check, index) => {
    for (const leg of check.legs) {
      const way = leg.path.flatMap((hop, at) => {
        const frames = byHop.get(hop.id)?.filter(({ decoded }) => isAt(leg, at, decoded));
        return frames ? [{ hop, frames: frames.map(({ frame }) => frame) }] : [];
      });
      for (const { hop, frames } of way) {
        const comment = commentOn(check, context.verdicts[index], leg, hop);
        for (const frame of frames) comments.set(frame, [...(comments.get(frame) ?? []), comment]);
      }
      passages.push(...passagesOf(way, context.hostOf));
    }
  });
  const ahead = clockErrors(passages);
  return {
    application: context.application,
    comments: [sectionComment(captures, context)],
    interfaces: captures.map(({ hop }) => interfaceOf(hop, context.hostOf(hop), ahead)),
    packets: captures
      .flatMap(({ hop, frames }, index): CapturedPacket[] => {
        const error = ahead.get(context.hostOf(hop)) ?? 0;
        return frames.map((frame) => ({
          interface: index,
          ...frame,
          time: frame.time - error,
          comments: comments.get(frame) ?? [],
        }));
      })
      .sort((a, b) => a.time - b.time),
  };
}

const decode = (frames: readonly CapturedFrame[]) =>
  frames.map((frame) => ({ frame, decoded: decodeFrame(frame.bytes, frame.length) }));

/** What to say of a leg's frame at a hop: of which check it is, and where the verdict says that it ends. */
function commentOn(
  { probe }: PreparedCheck,
  verdict: Verdict | undefined,
  leg: Leg,
  hop: Hop,
): string {
  const { kind, check } = probe;
  const blame = verdict?.blame?.leg === leg.name ? verdict.blame : undefined;
  const last = blame?.lastSeen === hop.label;
  return [
    `${kind} ${check.from} > ${check.to}: ${leg.name}`,
    ...(leg.path.at(-1) === hop ? [', arrived'] : []),
    ...(last ? [', last seen here; it died at ', blame.at] : []),
    ...(last && blame.reason !== null ? [': ', blame.reason] : []),
  ].join('');
}

/** Frames that went from one machine to the next: the same bytes, as often on both. */
function passagesOf(way: readonly HopCapture[], hostOf: (hop: Hop) => string): readonly Passage[] {
  return way.slice(1).flatMap((to, index): Passage[] => {
    const from = way[index];
    if (!from || hostOf(from.hop) === hostOf(to.hop)) return [];
    const sent = byContent(from.frames);
    return [...byContent(to.frames)].flatMap(([content, arrived]) => {
      const left = sent.get(content) ?? [];
      if (left.length !== arrived.length) return [];
      return arrived.map(({ time }, n) => ({
        from: { host: hostOf(from.hop), time: left[n]?.time ?? time },
        to: { host: hostOf(to.hop), time },
      }));
    });
  });
}

function byContent(frames: readonly CapturedFrame[]): ReadonlyMap<string, CapturedFrame[]> {
  const groups = new Map<string, CapturedFrame[]>();
  for (const frame of frames) {
    const content = frame.bytes.join();
    groups.set(content, [...(groups.get(content) ?? []), frame]);
  }
  return groups;
}

/** A hop as an interface. @param ahead - by how many seconds the clocks of machines are ahead */
export function interfaceOf(
  hop: Hop,
  host: string,
  ahead: ReadonlyMap<string, number>,
): CaptureInterface {
  const error = ahead.get(host) ?? 0;
  const clock =
    error === 0
      ? []
      : [
          `The clock of ${host} was ${Math.abs(error).toFixed(6)} s ${error > 0 ? 'ahead of' : 'behind'} that of the other captures; these times are corrected by it.`,
        ];
  return {
    name: hop.label,
    description: `${hop.kind} ${hop.device} of ${hop.stack === THIS_HOST ? 'this host' : hop.stack}`,
    comments: clock,
    linkType: rulesOf(hop.kind).linkType,
  };
}

function sectionComment(
  captures: readonly HopCapture[],
  { lab, title, verdicts }: CaptureContext,
): string {
  const lines = verdicts.map(
    ({ outcome, probe, from, to, message }) => `${outcome} ${probe} ${from} > ${to}: ${message}`,
  );
  return [
    `patchlab verify ${lab}${title === undefined ? '' : `: ${title}`}`,
    `${captures.length} hops, an interface each. Comments tell which check a frame belongs to, and where it was last seen.`,
    ...lines,
  ].join('\n');
}
