import { PatchlabError } from '../../errors.js';
import type { Requirement } from '../../plan/step.js';
import { type CheckOptions, checkRequirements, labelOf } from './check.js';
import type { CheckResult } from './define.js';

const one = (result: CheckResult): PatchlabError =>
  new PatchlabError('host/lacks', {
    what: `${labelOf(result)}: ${result.found}`,
    ...(result.remedy !== undefined && { fix: result.remedy }),
  });

/** One error for all failed checks; `others` holds one for each. `undefined` if none failed. */
export function lackOf(results: readonly CheckResult[]): PatchlabError | undefined {
  const failed = results.filter(({ ok, severity }) => !ok && severity === 'error').map(one);
  const [first, ...more] = failed;
  if (first === undefined || more.length === 0) return first;
  return new PatchlabError('host/lacks', {
    what: `The host lacks ${failed.length} things that are needed; nothing was touched.`,
    why: failed.map(({ what }) => what).join('\n'),
    // Two checks may be mended by one command.
    fix: [...new Set(failed.map(({ fix }) => fix))].join('\n'),
    others: failed,
  });
}

/**
 * Check all that a plan needs before anything is touched.
 * @returns all results; among them may be warnings
 * @throws PatchlabError `host/lacks` with every failed check and its remedy, all at once
 */
export async function requireHost(
  requirements: readonly Requirement[],
  options: CheckOptions = {},
): Promise<CheckResult[]> {
  const results = await checkRequirements(requirements, options);
  const error = lackOf(results);
  if (error) throw error;
  return results;
}
