import type { Hosts } from '../apply/hosts/define.js';
import type { Wiring } from '../plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../probes/prepare.js';
import type { Lab } from '../topology/lab.js';
import { readState } from './state/device-state.js';
import { explain } from './judge/explain.js';
import { contextOf } from './findings/context.js';
import type { Finding } from './findings/define.js';
import { findAll } from './findings/index.js';
import { testified, type AskKernel } from './kernel/testify.js';
import { withJoins } from './run/joins.js';
import { observe, type Evidence, type ObserveOptions } from './run/observe.js';
import { observeAgain } from './run/twice.js';
import type { Verdict } from './judge/verdict.js';

export interface Verified {
  /** The checks of the lab, a verdict each. */
  readonly checks: readonly PreparedCheck[];
  readonly verdicts: readonly Verdict[];
  readonly captures: Evidence['captures'];
  /** What nobody asked about. */
  readonly findings: readonly Finding[];
}

export interface VerifyOptions extends ObserveOptions {
  readonly kernel?: AskKernel | undefined;
  /** Observe once more with the receivers in promiscuous mode, and tell what differs. */
  readonly twice?: boolean;
}

/** Prove the checks of a lab that is up: send, watch every hop, judge; where a frame was lost, look why; and look what else is to be seen. */
export async function verifyLab(
  lab: Lab,
  wiring: Wiring,
  hosts: Hosts,
  options: VerifyOptions = {},
): Promise<Verified> {
  const { checks } = prepareChecks(lab, wiring.model);
  const once = () => withJoins(checks, hosts, () => observe(checks, hosts, options));
  const { evidence, state, verdicts } = await testified(options.kernel, checks, hosts, async () => {
    const [evidence, state] = await Promise.all([once(), readState(lab, wiring.graph, hosts)]);
    const verdicts = await explain(lab, wiring.model, checks, evidence, hosts);
    return { evidence, state, verdicts };
  });
  options.lap?.('judge and explain');
  const { captures, observations } = evidence;
  const elsewhere = observations.flatMap((one) => one.elsewhere);
  const again = options.twice === true ? await observeAgain(checks, observations, hosts, once) : [];
  const context = contextOf({
    ...{ lab, model: wiring.model, captures, elsewhere, checks, verdicts, state, again },
  });
  return { checks, verdicts, captures, findings: findAll(context) };
}
