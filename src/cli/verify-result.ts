import { EXIT } from '../errors.js';
import type { VerifyResult } from '../report/result.js';

/** What could not be found out weighs more than what was found wrong. */
export function exitCodeFor({
  verdicts,
  steps,
  findings,
}: Pick<VerifyResult, 'verdicts' | 'steps' | 'findings'>): number {
  const all = [...verdicts, ...steps];
  if (all.some(({ outcome }) => outcome === 'error')) return EXIT.unknown;
  const wrong =
    all.some(({ outcome }) => outcome === 'fail') ||
    findings.some(({ severity }) => severity === 'error');
  return wrong ? EXIT.verdict : EXIT.ok;
}
