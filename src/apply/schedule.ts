import { groupBy } from '../group-by.js';
import type { Stage } from '../plan/step.js';
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
 * Run batches, those of one host put together, each bundle as soon as those that it comes after have ended; what is removed
 * goes stage by stage. The first error keeps further ones from beginning, aborts the signal that `run` gets, and is thrown
 * once the running ones have ended.
 */
export async function schedule(
  batches: readonly Batch[],
  options: ScheduleOptions,
  run: (bundle: Bundle, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { phase, onEvent } = options;
  const bundles = bundlesOf(batches);
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const slots = limiter(options.concurrency ?? CONCURRENCY);
  const stages = tellStages(bundles, options);
  const tasks: Promise<void>[] = [];

  for (const [index, bundle] of bundles.entries()) {
    if (phase === 'remove' && bundle.stage !== bundles[index - 1]?.stage)
      await Promise.allSettled(tasks);
    const earlier = bundle.after.flatMap((before) => tasks[before] ?? []);
    tasks.push(Promise.all(earlier).then(() => slots(() => one(bundle))));
  }
  await Promise.allSettled(tasks);
  signal.throwIfAborted();

  async function one(bundle: Bundle): Promise<void> {
    signal.throwIfAborted();
    const begin = performance.now();
    stages.begin(bundle);
    onEvent?.({ type: 'bundle-start', phase, bundle });
    try {
      await run(bundle, signal);
    } catch (error) {
      // Before the slot is free for the next.
      abort.abort(error);
      throw error;
    }
    onEvent?.({ type: 'bundle-done', phase, bundle, ms: performance.now() - begin });
    stages.end(bundle);
  }
}

/** Tell when the first bundle of a stage begins, and when its last has ended. */
function tellStages(bundles: readonly Bundle[], { phase, onEvent }: ScheduleOptions) {
  const all = groupBy(bundles, ({ stage }) => stage);
  const left = new Map([...all].map(([stage, { length }]) => [stage, length]));
  const begun = new Set<Stage>();
  let told = performance.now();
  return {
    begin({ stage }: Bundle): void {
      if (begun.has(stage)) return;
      begun.add(stage);
      const steps = all.get(stage)?.reduce((sum, bundle) => sum + bundle.steps.length, 0) ?? 0;
      onEvent?.({ type: 'stage', phase, stage, steps });
    },
    end({ stage }: Bundle): void {
      const rest = (left.get(stage) ?? 0) - 1;
      left.set(stage, rest);
      if (rest > 0) return;
      const ms = performance.now() - told;
      told += ms;
      onEvent?.({ type: 'stage-done', phase, stage, ms });
    },
  };
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
