import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../../apply/hosts/define.js';
import { onCourse, type PreparedCheck } from '../../probes/prepare.js';
import type { FrameStore } from '../capture/frame-store.js';
import { ATTEMPTS, attemptsFor, deafness, isUnseen } from './attempts.js';
import { forgetting, runJobs } from './jobs.js';
import { blindCaptures } from '../capture/blind.js';
import { notesOf } from '../capture/leg-notes.js';
import { lookAlong, lookForAltered } from '../capture/look.js';
import type { CaptureSession } from '../capture/session.js';
import type { WaveObservation } from './observation.js';
import { hostNameOf } from '../../where.js';

/** Captures by host name. */
export type Sessions = ReadonlyMap<string, CaptureSession>;

export interface WaveContext {
  readonly sessions: Sessions;
  readonly hosts: Hosts;
  readonly frames: FrameStore;
  /** Why hops are not captured, by id. Captures that end meanwhile are added. */
  readonly failures: Map<string, string>;
  /** Why hops are gone, by id: no frame can be there. */
  readonly gone: ReadonlyMap<string, string>;
  /** How often a frame is sent before it counts as lost. */
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Milliseconds until what has not been seen counts as lost, from the begin of a sending and from its end; a slow
 * guest needs some to write its capture. Where a frame was seen at its end and not on its way, a capture that has no
 * processor to run on is likelier than another way: that long it may take more.
 */
export const DEADLINE = { begin: 1500, end: 500, gap: 4000 } as const;
/** Milliseconds between two looks at the captures. */
const POLL = 25;
/** Milliseconds between two questions to a witness that does not confirm yet. */
const WITNESS_PAUSE = 150;

/** A check while it runs. */
interface Running {
  readonly check: PreparedCheck;
  readonly errors: string[];
  readonly begin: number;
  attempts: number;
  witnessed: boolean | undefined;
  /** When its witness may be asked next. */
  askAgain: number;
  end: number | undefined;
}

/** Send the frames of some checks, again where they did not arrive, and look for them at every hop. */
export async function runWave(
  wave: readonly PreparedCheck[],
  context: WaveContext,
): Promise<ReadonlyMap<PreparedCheck, WaveObservation>> {
  const begin = performance.now();
  const all = wave.map((check): Running => ({
    check,
    errors: [],
    begin,
    attempts: attemptsFor(check, context),
    witnessed: undefined,
    askAgain: 0,
    end: undefined,
  }));
  const sendable = all.filter(({ attempts }) => attempts > 0);
  let more: number = context.attempts === undefined ? ATTEMPTS.unseen : 0;
  const pending = (): readonly Running[] => {
    const open = sendable.filter(isOpen);
    const due = open.filter(({ attempts }) => attempts > 0);
    if (due.length > 0 || more === 0) return due;
    more -= 1;
    return open.filter(({ check }) => isUnseen(check, lookAlong(check, context).seen, context));
  };
  let isComplete = true;
  for (let now = pending(); now.length > 0; now = pending()) {
    context.signal?.throwIfAborted();
    for (const running of now) running.attempts -= 1;
    const begun = performance.now();
    await send(now, context);
    const hasGap = (one: Running): boolean =>
      isOpen(one) && hasArrived(one, lastSeen(one, context));
    const longer = Math.max(...now.map(({ check }) => check.patience.ms));
    const deadline = longer + Math.max(begun + DEADLINE.begin, performance.now() + DEADLINE.end);
    do {
      context.signal?.throwIfAborted();
      noteFailures(await context.frames.update(), context);
      await decide(now.filter(isOpen), context);
    } while (
      now.some(isOpen) &&
      (performance.now() < deadline ||
        (performance.now() < deadline + DEADLINE.gap && now.some(hasGap))) &&
      (await delay(POLL, true))
    );
    // It did arrive, past a hop that did not see it: no need to send it again.
    for (const running of now.filter(hasGap)) {
      running.end = performance.now();
      isComplete = false;
    }
  }
  const done = performance.now();
  if (!isComplete || all.some(({ end }) => end === undefined)) await findEnded(wave, context);
  // A witness that heard what no capture saw would be a contradiction worth knowing.
  await askWitnesses(all.filter(isOpen), context);
  return new Map(
    all.map((running) => {
      const { check, witnessed, errors, end } = running;
      const lost = check.hops.flatMap((hop) => context.failures.get(hop.id) ?? []);
      const deaf = deafness(check, context);
      const { course, seen } = lookAlong(check, context);
      return [
        check,
        {
          seen,
          course,
          altered: lookForAltered(onCourse(check, course), context, seen),
          notes: notesOf(onCourse(check, course), context.frames),
          witnessed,
          unseen: sendable.includes(running) && isUnseen(check, seen, context),
          errors: [...errors, ...(deaf === undefined ? [] : [deaf]), ...new Set(lost)],
          ms: (end ?? done) - begin,
        },
      ];
    }),
  );
}

const isOpen = ({ end, errors }: Running): boolean => end === undefined && errors.length === 0;

/** Send the frames of checks; what keeps one from being sent is its check's error. */
async function send(all: readonly Running[], { hosts, signal }: WaveContext): Promise<void> {
  const before = all.flatMap(({ check }) => check.probe.before ?? []);
  if (before.length > 0) await runJobs(before.map(forgetting), hosts, signal);
  const failures = await runJobs(
    all.flatMap(({ check }) => check.probe.send ?? []),
    hosts,
    signal,
  );
  for (const { check, errors } of all) {
    const why = check.probe.send && failures.get(check.probe.send);
    if (why !== undefined) errors.push(why);
  }
}

/**
 * What a capture that has ended, or had no time, did not see says nothing: take note of those before a frame counts as
 * lost. Those that answered have written what they had by then, and it is read.
 */
async function findEnded(wave: readonly PreparedCheck[], context: WaveContext): Promise<void> {
  const all = [...context.sessions.values()];
  const ended = await Promise.all(all.map((session) => session.ended()));
  for (const one of ended) noteFailures(one, context);
  noteFailures(await context.frames.update(), context);
  noteFailures(blindCaptures(wave, context), context);
}

/** The first reason is the one to tell. */
function noteFailures(
  news: ReadonlyMap<string, string>,
  { failures }: Pick<WaveContext, 'failures'>,
): void {
  for (const [hop, why] of news) if (!failures.has(hop)) failures.set(hop, why);
}

/** What was seen of the last frame, at every hop of its way. */
const lastSeen = ({ check }: Running, context: WaveContext): readonly (boolean | undefined)[] =>
  lookAlong(check, context).seen.at(-1) ?? [];

/** Has it arrived, and does the witness, if there is one, say so too? */
const hasArrived = (
  { check, witnessed }: Running,
  seen: readonly (boolean | undefined)[],
): boolean => seen.at(-1) === true && (!check.probe.witness || witnessed === true);

/** Is all seen that there is to see? Machines are not read in one moment: a frame can be seen at its end before it is on its way. */
async function decide(open: readonly Running[], context: WaveContext): Promise<void> {
  const seen = new Map(open.map((running) => [running, lastSeen(running, context)]));
  const now = performance.now();
  const unasked = open.filter(
    (running) => seen.get(running)?.at(-1) === true && now >= running.askAgain,
  );
  await askWitnesses(unasked, context);
  for (const [running, hops] of seen)
    if (hasArrived(running, hops) && !hops.includes(false)) running.end = performance.now();
}

/** Do the witnesses at the receivers confirm the checks? */
async function askWitnesses(all: readonly Running[], { sessions }: WaveContext): Promise<void> {
  await Promise.all(
    [...sessions].map(async ([host, session]) => {
      const here = all.flatMap((running) => {
        const { witness } = running.check.probe;
        return witness && hostNameOf(witness.stack.where) === host && running.witnessed !== true
          ? [{ running, witness }]
          : [];
      });
      if (here.length === 0) return;
      const answers = await session.ask(here.map(({ witness }) => witness));
      for (const [index, { running, witness }] of here.entries()) {
        const answer = answers[index];
        running.witnessed = answer === undefined ? undefined : witness.confirms(answer);
        running.askAgain = performance.now() + WITNESS_PAUSE;
      }
    }),
  );
}
