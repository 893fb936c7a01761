import { withHosts } from '../apply/session.js';
import type { Change } from '../plan/resources/difference.js';
import { touchedChecks } from '../plan/touched.js';
import { reportOf, type Report } from '../report/result.js';
import { verifyLab } from '../verify/verify.js';
import type { Context } from './define.js';
import type { PlannedLab } from './planned.js';
import { beginResult } from '../report/begin-result.js';

/** Verify again what a change has touched of a lab that is up; nothing where no check crosses it. */
export async function verifyChanged(
  { lab, plan, wiring }: Pick<PlannedLab, 'lab' | 'plan' | 'wiring'>,
  changes: readonly Change[],
  { signal }: Pick<Context, 'signal'>,
): Promise<Report | undefined> {
  const touched = { ...lab, checks: touchedChecks(lab, wiring.model, changes), steps: [] };
  if (touched.checks.length === 0) return undefined;
  const finish = beginResult();
  const verified = await withHosts(plan, (hosts) => verifyLab(touched, wiring, hosts, { signal }));
  const { checks } = verified;
  const what = { lab: touched, graph: wiring.graph, checks, source: undefined };
  return reportOf(finish(lab, verified), what);
}
