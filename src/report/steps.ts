import type { StepResult } from '../verify/steps/step.js';
import type { VerifyResult } from './result.js';

/** What was done between checks, as all formats tell it. */

/** What was done before the check of an index, and after the one before that. */
export const stepsBefore = (
  { steps }: Pick<VerifyResult, 'steps'>,
  index: number,
): readonly StepResult[] => steps.filter(({ after }) => after === index);

/** How many steps came out so. */
export const stepCount = ({ steps }: Pick<VerifyResult, 'steps'>, wanted: string): number =>
  steps.filter(({ outcome }) => outcome === wanted).length;

/** Steps by how they came out, where they did not as they were to: `1 step fail`. */
export function stepSum(result: Pick<VerifyResult, 'steps'>): readonly string[] {
  return (['fail', 'error'] as const).flatMap((outcome) => {
    const count = stepCount(result, outcome);
    return count === 0 ? [] : [`${count} step${count === 1 ? '' : 's'} ${outcome}`];
  });
}
