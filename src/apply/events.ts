import type { Stage } from '../plan/step.js';
import type { Batch } from '../plan/tools/batches.js';

/** What building and removing a lab tell while they run. Times are in milliseconds. */
export type ApplyEvent =
  | { readonly type: 'stage'; readonly phase: Phase; readonly stage: Stage; readonly steps: number }
  | {
      readonly type: 'stage-done';
      readonly phase: Phase;
      readonly stage: Stage;
      readonly ms: number;
    }
  | { readonly type: 'batch-start'; readonly phase: Phase; readonly batch: Batch }
  | {
      readonly type: 'batch-done';
      readonly phase: Phase;
      readonly batch: Batch;
      readonly ms: number;
    }
  /** Something that the user should know, e.g. that a half-built lab is removed first. */
  | { readonly type: 'note'; readonly text: string };

export type Phase = 'build' | 'remove';

export type OnEvent = (event: ApplyEvent) => void;
