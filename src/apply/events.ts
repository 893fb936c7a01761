import type { Stage } from '../plan/step.js';
import type { Bundle } from '../plan/tools/bundles.js';

/** What building and removing a lab tell while they run. Times are in milliseconds. */
export type ApplyEvent =
  | { readonly type: 'stage'; readonly phase: Phase; readonly stage: Stage; readonly steps: number }
  /** All of a stage has ended. Stages overlap: `ms` is what has passed since the one that ended before. */
  | {
      readonly type: 'stage-done';
      readonly phase: Phase;
      readonly stage: Stage;
      readonly ms: number;
    }
  | { readonly type: 'bundle-start'; readonly phase: Phase; readonly bundle: Bundle }
  | {
      readonly type: 'bundle-done';
      readonly phase: Phase;
      readonly bundle: Bundle;
      readonly ms: number;
    }
  /** A guest was started. `why`: what kept it from starting warm, where it should have. */
  | {
      readonly type: 'guest';
      readonly node: string;
      readonly start: GuestStart;
      readonly why?: string;
    }
  /** Work beside the stages, such as looking what there is. */
  | { readonly type: 'part-done'; readonly what: string; readonly ms: number }
  /** Something that the user should know, e.g. that a half-built lab is removed first. */
  | { readonly type: 'note'; readonly text: string };

/** `warm`: it goes on from the stored state of another of its shape; `cold`: it boots. */
export type GuestStart = 'warm' | 'cold';

export type Phase = 'build' | 'remove';

export type OnEvent = (event: ApplyEvent) => void;

/** Do something and tell how long it took. */
export async function timed<T>(
  what: string,
  onEvent: OnEvent | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const begin = performance.now();
  try {
    return await action();
  } finally {
    onEvent?.({ type: 'part-done', what, ms: performance.now() - begin });
  }
}
