import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../errors.js';
import { observableOn } from '../hops/predict.js';
import type { Invocation } from '../probes/define.js';
import { pathOf, type PreparedCheck } from '../probes/prepare.js';
import type { FrameStore } from './frame-store.js';
import type { CaptureSession } from './session.js';

/** Captures by host name. */
export type Sessions = ReadonlyMap<string, CaptureSession>;

/** What was seen of one check. */
export interface Observation {
  /** For each leg, for each hop of the leg's path: was the frame seen there? `undefined` where nobody could look. */
  readonly seen: readonly (readonly (boolean | undefined)[])[];
  /** What a witness at the receiver says; `undefined` where there is none. */
  readonly witnessed: boolean | undefined;
  /** What kept the check from being carried out, or its hops from being looked at. */
  readonly errors: readonly string[];
  /** Milliseconds from the first sending to the decision. */
  readonly ms: number;
}

interface WaveContext {
  readonly sessions: Sessions;
  readonly hosts: Hosts;
  readonly frames: FrameStore;
  /** Why hops are not captured, by id. */
  readonly failures: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal | undefined;
}

/** How often a frame is sent before it counts as lost: fewer times where the model says that it is. */
const ATTEMPTS = { pass: 3, drop: 2 } as const;
/** Milliseconds from a sending until what has not been seen counts as lost; a slow guest needs some to write its capture. */
const DEADLINE = 1500;
/** Milliseconds between two looks at the captures. */
const POLL = 25;
/** Milliseconds between two questions to a witness that does not confirm yet. */
const WITNESS_PAUSE = 150;

/** Nothing is sent where no capture could see it arrive. */
function attemptsFor({ path, predictions }: PreparedCheck, { failures }: WaveContext): number {
  if ([path.at(0), path.at(-1)].some((end) => end && failures.has(end.id))) return 0;
  return ATTEMPTS[predictions.some(({ outcome }) => outcome === 'drop') ? 'drop' : 'pass'];
}

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
): Promise<ReadonlyMap<PreparedCheck, Observation>> {
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
  const pending = (): readonly Running[] =>
    all.filter(
      ({ end, attempts, errors }) => end === undefined && attempts > 0 && errors.length === 0,
    );
  for (let now = pending(); now.length > 0; now = pending()) {
    context.signal?.throwIfAborted();
    for (const running of now) running.attempts -= 1;
    await Promise.all(
      now.flatMap((running) =>
        running.check.probe.before.map((first) => invoke(running, first, context)),
      ),
    );
    const sent = performance.now();
    await Promise.all(now.map((running) => invoke(running, running.check.probe.send, context)));
    do {
      await context.frames.update();
      await Promise.all(now.map((running) => decide(running, context)));
    } while (now.some(isOpen) && performance.now() < sent + DEADLINE && (await delay(POLL, true)));
  }
  const done = performance.now();
  // A witness that heard what no capture saw would be a contradiction worth knowing.
  await Promise.all(
    all.filter(isOpen).map(async (running) => {
      running.witnessed ??= await askWitness(running, context);
    }),
  );
  return new Map(
    all.map((running) => {
      const { check, witnessed, errors, end } = running;
      const lost = [...new Set(check.path.flatMap((hop) => context.failures.get(hop.id) ?? []))];
      const seen = look(check, context);
      return [check, { seen, witnessed, errors: [...errors, ...lost], ms: (end ?? done) - begin }];
    }),
  );
}

const isOpen = ({ end, errors }: Running): boolean => end === undefined && errors.length === 0;

/** Exit codes by which a shell, timeout(1) and nsenter(1) say that there is no such program. */
const NOT_RUN = new Set([126, 127]);

async function invoke(
  running: Running,
  { stack, argv, timeout }: Invocation,
  { hosts, signal }: WaveContext,
): Promise<void> {
  const { host, netns } = stack.where;
  try {
    const result = await hosts.at({ host }).run({ argv, netns, timeout, signal });
    if (NOT_RUN.has(result.exitCode))
      running.errors.push(
        `\`${argv[0] ?? ''}\` cannot be run in ${stack.id}: ${result.stderr.trim()}`,
      );
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof PatchlabError && error.why !== undefined ? ` ${error.why}` : '';
    running.errors.push(`${stack.id}: ${messageOf(error)}${why}`);
  }
}

/** Has the last frame arrived, and does the witness say so too? */
async function decide(running: Running, context: WaveContext): Promise<void> {
  const { check } = running;
  if (!isOpen(running)) return;
  const arrived = look(check, context).at(-1)?.at(-1) === true;
  if (arrived && performance.now() >= running.askAgain) {
    running.askAgain = performance.now() + WITNESS_PAUSE;
    running.witnessed = await askWitness(running, context);
  }
  const confirmed = !check.probe.witness || running.witnessed === true;
  if (arrived && confirmed) running.end = performance.now();
}

/** Does the witness at the receiver confirm the check? `undefined` where there is none, or it does not answer. */
async function askWitness(
  { check }: Running,
  { sessions }: WaveContext,
): Promise<boolean | undefined> {
  const { witness } = check.probe;
  const answer = witness && (await sessions.get(witness.stack.where.host)?.ask(witness));
  return answer === undefined ? undefined : witness?.confirms(answer);
}

/** Which hop saw which leg, as far as captures have been read. */
function look(
  { probe, path }: PreparedCheck,
  { frames, failures }: WaveContext,
): readonly (readonly (boolean | undefined)[])[] {
  return probe.legs.map((leg) => {
    const legPath = pathOf(leg, path);
    const observable = observableOn(legPath);
    return legPath.map((hop, index) => {
      if (observable[index] !== true || failures.has(hop.id)) return undefined;
      return frames.since(hop.id).some((frame) => leg.matches(frame));
    });
  });
}
