import { STAGES } from '../plan/step.js';
import type { Batch } from '../plan/tools/batches.js';
import type { OnEvent, Phase } from './events.js';

/** Batches that run at the same time, by default. */
export const CONCURRENCY = 8;

export interface ScheduleOptions {
  readonly phase: Phase;
  readonly concurrency?: number | undefined;
  readonly onEvent?: OnEvent | undefined;
  /** No further batch begins once it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Run batches: the stages one after the other, within a stage each batch as soon as those that it
 * comes after have ended. The first error keeps further batches from beginning, aborts the signal that
 * `run` gets, and is thrown once the running ones have ended.
 */
export async function schedule(
  batches: readonly Batch[],
  options: ScheduleOptions,
  run: (batch: Batch, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { phase, onEvent } = options;
  const order = options.phase === 'build' ? STAGES : STAGES.toReversed();
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const slots = limiter(options.concurrency ?? CONCURRENCY);
  const ended = new Map<number, Promise<void>>();

  for (const stage of order) {
    const ofStage = batches.flatMap((batch, index) => (batch.stage === stage ? [index] : []));
    if (ofStage.length === 0) continue;
    signal.throwIfAborted();
    const begin = performance.now();
    const steps = ofStage.reduce((sum, index) => sum + (batches[index]?.steps.length ?? 0), 0);
    onEvent?.({ type: 'stage', phase, stage, steps });
    for (const index of ofStage) {
      const batch = batches[index];
      if (!batch) continue;
      const earlier = batch.after.flatMap((before) => ended.get(before) ?? []);
      const task = Promise.all(earlier).then(() => slots(() => one(batch)));
      ended.set(index, task);
    }
    await Promise.allSettled(ended.values());
    signal.throwIfAborted();
    onEvent?.({ type: 'stage-done', phase, stage, ms: performance.now() - begin });
  }

  async function one(batch: Batch): Promise<void> {
    signal.throwIfAborted();
    const begin = performance.now();
    onEvent?.({ type: 'batch-start', phase, batch });
    try {
      await run(batch, signal);
    } catch (error) {
      // Before the slot is free for the next.
      abort.abort(error);
      throw error;
    }
    onEvent?.({ type: 'batch-done', phase, batch, ms: performance.now() - begin });
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
