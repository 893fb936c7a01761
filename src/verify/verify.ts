import type { Hosts } from '../apply/hosts/define.js';
import { whereIn } from '../plan/link-hops.js';
import { prepareChecks } from '../probes/prepare.js';
import type { Wiring } from '../plan/wire.js';
import type { Lab } from '../topology/lab.js';
import { judge } from './judge.js';
import { observe, type Evidence, type ObserveOptions } from './observe.js';
import type { Verdict } from './verdict.js';

export interface Verified {
  readonly verdicts: readonly Verdict[];
  readonly captures: Evidence['captures'];
}

/** Prove the checks of a lab that is up: send, watch every hop, judge. */
export async function verifyLab(
  lab: Lab,
  wiring: Wiring,
  hosts: Hosts,
  options: ObserveOptions = {},
): Promise<Verified> {
  const { checks } = prepareChecks(lab, wiring.graph);
  const { observations, captures } = await observe(lab, checks, hosts, options);
  const whereOf = whereIn(lab);
  const verdicts = checks.flatMap((check, index) => {
    const observation = observations[index];
    return observation ? [judge(check, observation, (hop) => whereOf(hop).host)] : [];
  });
  return { verdicts, captures };
}
