import type { Stage, Step } from '../step.js';
import type { Batch } from './batches.js';
import { toolOf } from './index.js';
import { hostNameOf } from '../../where.js';

/** Batches that go out to one host by one call, which runs them one after the other. */
export interface Bundle {
  readonly stage: Stage;
  readonly host: string;
  readonly parts: readonly Batch[];
  /** Those of all parts. */
  readonly steps: readonly Step[];
  /** Indexes, in the list of all bundles, of those that must have ended before. */
  readonly after: readonly number[];
}

/** Parts and steps of one bundle: few enough to leave work for all processors, and for the text to fit into a message to a guest's agent. */
const MOST = { parts: 16, steps: 500 } as const;

interface Growing extends Bundle {
  readonly parts: Batch[];
  readonly steps: Step[];
  readonly lasting: boolean;
}

/**
 * Put batches together that run on one host. None of them then waits for anything that it did not wait for
 * before, but for its neighbours in the bundle: what may last stays alone.
 */
export function bundlesOf(batches: readonly Batch[]): Bundle[] {
  const bundles: Growing[] = [];
  const homes: number[] = [];
  /** The last bundle of a stage and host with certain predecessors. */
  const open = new Map<string, number>();
  const fits = (index: number | undefined, batch: Batch, before: readonly number[]): boolean => {
    const bundle = index === undefined ? undefined : bundles[index];
    return (
      bundle !== undefined &&
      !bundle.lasting &&
      bundle.host === hostNameOf(batch.where) &&
      bundle.stage === batch.stage &&
      bundle.parts.length < MOST.parts &&
      bundle.steps.length + batch.steps.length <= MOST.steps &&
      before.every((one) => one === index || bundle.after.includes(one))
    );
  };
  for (const batch of batches) {
    const { stage, where, steps } = batch;
    const before = [...new Set(batch.after.flatMap((index) => homes[index] ?? []))];
    const key = JSON.stringify([stage, hostNameOf(where), before]);
    const lasting = steps.some((step) => toolOf(step.do.tool).group(step.do) === undefined);
    const home = lasting
      ? undefined
      : [before.at(-1), open.get(key)].find((index) => fits(index, batch, before));
    const bundle = home === undefined ? undefined : bundles[home];
    homes.push(home ?? bundles.length);
    if (bundle) {
      bundle.parts.push(batch);
      bundle.steps.push(...steps);
      continue;
    }
    if (!lasting) open.set(key, bundles.length);
    bundles.push({
      stage,
      host: hostNameOf(where),
      parts: [batch],
      steps: [...steps],
      after: before,
      lasting,
    });
  }
  return bundles;
}
