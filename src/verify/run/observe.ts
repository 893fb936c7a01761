import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../../apply/hosts/define.js';
import { filterFor } from '../../frames/carried.js';
import type { SeenFrame } from '../../frames/frame.js';
import { observableOn } from '../../hops/predict.js';
import type { Hop } from '../../hops/types.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { probeKind } from '../../topology/kinds.js';
import { createFrameStore } from '../capture/frame-store.js';
import { seenElsewhere } from '../capture/elsewhere.js';
import type { CapturedFrame } from '../capture/pcap.js';
import type { CapturePoint } from '../capture/session.js';
import { pointsOf, startSessions, stopAll, type Lacks } from '../capture/sessions.js';
import { awaitSettled } from '../state/settle.js';
import { DEADLINE, runWave, type Sessions } from './wave.js';
import type { Observation, WaveObservation } from './observation.js';
import { inWaves } from './waves.js';

/** What was captured on a hop: each frame as it came, and taken apart. */
interface Capture {
  readonly hop: Hop;
  readonly frames: readonly CapturedFrame[];
  readonly decoded: readonly SeenFrame[];
}

export interface Evidence {
  /** Why hops are gone, by id. */
  readonly gone: ReadonlyMap<string, string>;
  readonly observations: readonly Observation[];
  /** All frames that were captured, by hop. */
  readonly captures: readonly Capture[];
}

export interface ObserveOptions {
  readonly signal?: AbortSignal | undefined;
  /** How often a frame is sent before it counts as lost. */
  readonly attempts?: number;
  readonly onWave?: (checks: readonly PreparedCheck[]) => void;
  /** A part of the work has ended, and all time that belongs to no part yet was its. */
  readonly lap?: (what: string) => void;
}

/** Seconds after which captures end by themselves. */
const LIMIT = 600;

/**
 * Send every check's frames and look for them at every hop. Captures listen before anything is sent, and
 * are read until each frame has arrived or had its time.
 */
export async function observe(
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  options: ObserveOptions = {},
): Promise<Evidence> {
  const points = capturePoints(checks);
  const failures = new Map<string, string>();
  const gone = new Map<string, string>();
  const [sessions] = await Promise.all([
    startAll(points, checks, hosts, { failures, gone }, options),
    awaitSettled(checks, hosts, options.signal),
  ]);
  options.lap?.('start captures');
  try {
    const observations = new Map<PreparedCheck, WaveObservation>();
    const frames = createFrameStore(sessions);
    for (const wave of inWaves(checks)) {
      options.onWave?.(wave);
      frames.mark();
      for (const [check, observation] of await runWave(wave, {
        sessions,
        hosts,
        frames,
        failures,
        gone,
        ...options,
      }))
        observations.set(check, observation);
      const kinds = new Set(wave.map(({ probe }) => probe.kind));
      options.lap?.(`send and watch ${[...kinds].join(', ')}`);
    }
    // That nobody heard it takes as long to tell as that it was lost.
    const watched = checks.filter(({ bystanders }) => bystanders.length > 0);
    const longer = Math.max(0, ...watched.map(({ patience }) => patience.ms));
    if (watched.length > 0)
      await delay(DEADLINE.begin + longer, undefined, { signal: options.signal });
    await frames.update();
    const captures = [...points.values()].flat().map(({ hop }): Capture => ({
      ...{ hop, frames: frames.all(hop.id), decoded: frames.decoded(hop.id) },
    }));
    const elsewhere = seenElsewhere(checks, captures);
    return {
      gone,
      observations: checks.flatMap((check, index) => {
        const observation = observations.get(check);
        return observation ? [{ ...observation, elsewhere: elsewhere[index] ?? [] }] : [];
      }),
      captures,
    };
  } finally {
    await stopAll(sessions);
    options.lap?.('end captures');
  }
}

/** Where to capture, by host: every hop of every path that a capture can see. */
function capturePoints(
  checks: readonly PreparedCheck[],
): ReadonlyMap<string, readonly CapturePoint[]> {
  const onWay = checks
    .flatMap(({ probe }) => probe.courses.flat())
    .flatMap((way) => {
      const observable = observableOn(way);
      return way.path.filter((_, index) => observable[index] === true);
    });
  return pointsOf([...onWay, ...checks.flatMap(({ bystanders }) => bystanders)]);
}

/** None where there are no frames. */
const filterOf = (kind: string): readonly string[] => {
  const { filter } = probeKind(kind);
  return filter === undefined ? [] : [`(${filter})`];
};

/** Start captures and witnesses for the checks, with the filters of their probes. */
function startAll(
  points: ReadonlyMap<string, readonly CapturePoint[]>,
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  lacks: Lacks,
  { signal }: ObserveOptions,
): Promise<Sessions> {
  const filters = new Set(
    checks.flatMap(({ probe }) => [
      ...filterOf(probe.kind),
      ...probe.courses
        .flat()
        .flatMap(({ frames }) => frames.flatMap((one) => filterFor(one) ?? [])),
    ]),
  );
  const witnesses = checks.flatMap(({ probe }) => probe.witness ?? []);
  const settings = { filter: [...filters].join(' or '), tagged: true, limit: LIMIT };
  const servers = checks.flatMap(({ probe }) => probe.server ?? []);
  return startSessions(points, witnesses, hosts, { ...settings, servers, lacks, signal });
}
