import type { Lab } from '../topology/lab.js';
import type { Verified } from '../verify/verify.js';
import type { VerifyResult } from './result.js';
import { version } from './version.js';

/** Begin to verify a lab. @returns what gives the result, as `--json` prints it, once that has been done */
export function beginResult() {
  const [began, begin] = [new Date().toISOString(), performance.now()];
  return (
    { name, title }: Pick<Lab, 'name' | 'title'>,
    { verdicts, steps, findings }: Pick<Verified, 'verdicts' | 'steps' | 'findings'>,
    more: Partial<Pick<VerifyResult, 'timings' | 'evidence'>> = {},
  ): VerifyResult => ({
    ...{
      version: 1,
      lab: name,
      title: title ?? null,
      patchlab: version,
      began,
      verdicts,
      steps,
      findings,
    },
    ms: Math.round(performance.now() - begin),
    ...{ timings: [], evidence: null, ...more },
  });
}
