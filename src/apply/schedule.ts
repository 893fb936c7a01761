import { STAGES } from '../plan/step.js';
import type { Batch } from '../plan/tools/batches.js';
import { bundlesOf, type Bundle } from '../plan/tools/bundles.js';
import type { OnEvent, Phase } from './events.js';

/** Bundles that run at the same time, by default. */
const CONCURRENCY = 8;

export interface ScheduleOptions {
  readonly phase: Phase;
  readonly concurrency?: number | undefined;
  readonly onEvent?: OnEvent | undefined;
  /** No further bundle begins once it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Run batches, those of one host put together: the stages one after the other, within a stage each bundle as soon
 * as those that it comes after have ended. The first error keeps further ones from beginning, aborts the signal that
 * `run` gets, and is thrown once the running ones have ended.
 */
export async function schedule(
  batches: readonly Batch[],
  options: ScheduleOptions,
  run: (bundle: Bundle, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { phase, onEvent } = options;
  const bundles = bundlesOf(batches);
  const order = options.phase === 'build' ? STAGES : STAGES.toReversed();
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const slots = limiter(options.concurrency ?? CONCURRENCY);
  const ended = new Map<number, Promise<void>>();

  for (const stage of order) {
    const ofStage = bundles.flatMap((bundle, index) => (bundle.stage === stage ? [index] : []));
    if (ofStage.length === 0) continue;
    signal.throwIfAborted();
    const begin = performance.now();
    const steps = ofStage.reduce((sum, index) => sum + (bundles[index]?.steps.length ?? 0), 0);
    onEvent?.({ type: 'stage', phase, stage, steps });
    for (const index of ofStage) {
      const bundle = bundles[index];
      if (!bundle) continue;
      const earlier = bundle.after.flatMap((before) => ended.get(before) ?? []);
      const task = Promise.all(earlier).then(() => slots(() => one(bundle)));
      ended.set(index, task);
    }
    await Promise.allSettled(ended.values());
    signal.throwIfAborted();
    onEvent?.({ type: 'stage-done', phase, stage, ms: performance.now() - begin });
  }

  async function one(bundle: Bundle): Promise<void> {
    signal.throwIfAborted();
    const begin = performance.now();
    onEvent?.({ type: 'bundle-start', phase, bundle });
    try {
      await run(bundle, signal);
    } catch (error) {
      // Before the slot is free for the next.
      abort.abort(error);
      throw error;
    }
    onEvent?.({ type: 'bundle-done', phase, bundle, ms: performance.now() - begin });
  }
}

/** Let at most `limit` tasks run at the same time; the others wait in line. */
export function limiter(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
