import type { Hosts } from '../apply/hosts/define.js';
import { groupBy } from '../group-by.js';
import type { LabModel } from '../hops/model.js';
import type { Wiring } from '../plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../probes/prepare.js';
import { phasesOf, withCuts } from '../topology/cut.js';
import type { Lab } from '../topology/lab.js';
import { closedStacks, fromOutside, skipped, whyNotMade } from './closed.js';
import { readState } from './state/device-state.js';
import { explain } from './judge/explain.js';
import { contextOf } from './findings/context.js';
import type { Finding } from './findings/define.js';
import { findAll } from './findings/index.js';
import { testified, type AskKernel } from './kernel/testify.js';
import { askAll } from './run/ask.js';
import { withJoins } from './run/joins.js';
import { observe, type Evidence, type ObserveOptions } from './run/observe.js';
import { observeAgain } from './run/twice.js';
import { doStep, takeBackSteps, type StepResult } from './steps/step.js';
import type { Verdict } from './judge/verdict.js';

export interface Verified {
  /** The checks of the lab, a verdict each. */
  readonly checks: readonly PreparedCheck[];
  /** What was done between them. */
  readonly steps: readonly StepResult[];
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

/**
 * Prove the checks of a lab that is up: send, watch every hop, judge; where a frame was lost, look why; and look what else is
 * to be seen. Between them what the file says is done, and in the end, however that comes, all is as it was.
 */
export async function verifyLab(
  lab: Lab,
  wiring: Wiring,
  hosts: Hosts,
  options: VerifyOptions = {},
): Promise<Verified> {
  const prepared = prepareChecks(lab, wiring.model);
  if (lab.steps.length === 0) {
    const { checks } = prepared;
    return { checks, steps: [], ...(await verifyPhase(lab, wiring.model, checks, hosts, options)) };
  }
  const parts: Observed[] = [];
  const steps: StepResult[] = [];
  let next = 0;
  try {
    for (const [index, { checks, cuts }] of phasesOf(lab).entries()) {
      const step = prepared.steps[index - 1];
      if (step) steps.push(await doStep(lab, step, hosts, options.signal));
      options.lap?.('cut and plug');
      const own = prepared.checks.slice(next, (next += checks.length));
      if (own.length === 0) continue;
      const state = withCuts(lab, cuts);
      parts.push(await verifyPhase(state, wiring.model.whenCut(cuts), own, hosts, options));
    }
  } finally {
    await takeBackSteps(lab);
  }
  const findings = parts.flatMap((part) => part.findings);
  return {
    checks: prepared.checks,
    steps,
    verdicts: parts.flatMap(({ verdicts }) => verdicts),
    captures: joined(parts.flatMap(({ captures }) => captures)),
    findings: [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()],
  };
}

/** One capture for each hop, with what all those of it have seen. */
function joined(captures: Observed['captures']): Observed['captures'] {
  return [...groupBy(captures, ({ hop }) => hop.id).values()].flatMap(([first, ...more]) =>
    first
      ? [
          {
            ...first,
            frames: [first, ...more].flatMap(({ frames }) => frames),
            decoded: [first, ...more].flatMap(({ decoded }) => decoded),
          },
        ]
      : [],
  );
}

type Observed = Pick<Verified, 'verdicts' | 'captures' | 'findings'>;

/** Prove checks between which nothing is done; those that cannot be made in a guest without an agent are skipped. */
async function verifyPhase(
  lab: Lab,
  model: LabModel,
  all: readonly PreparedCheck[],
  hosts: Hosts,
  options: VerifyOptions,
): Promise<Observed> {
  const isShut = closedStacks(lab);
  const reasons = all.map((check) => whyNotMade(check, isShut));
  const made = all.filter((_, index) => reasons[index] === undefined);
  const { verdicts, ...rest } = await proveChecks(
    ...([lab, model, made.map((check) => fromOutside(check, isShut)), hosts, options] as const),
  );
  const proved = verdicts.values();
  const inTurn = all.flatMap((check, index) => {
    const why = reasons[index];
    return (why === undefined ? proved.next().value : skipped(check, why)) ?? [];
  });
  return { ...rest, verdicts: inTurn };
}

async function proveChecks(
  lab: Lab,
  model: LabModel,
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  options: VerifyOptions,
): Promise<Observed> {
  // Who is asked may be the one that lets frames pass, and have to find its way first.
  const answers = await askAll(checks, hosts, options.signal);
  if (answers.size > 0) options.lap?.('ask');
  const once = () => withJoins(checks, hosts, () => observe(checks, hosts, options));
  const { evidence, state, verdicts } = await testified(options.kernel, checks, hosts, async () => {
    const [evidence, state] = await Promise.all([once(), readState(lab, model.graph, hosts)]);
    const verdicts = await explain(lab, model, checks, evidence, hosts, answers);
    return { evidence, state, verdicts };
  });
  options.lap?.('judge and explain');
  const { captures, observations } = evidence;
  const elsewhere = observations.flatMap((one) => one.elsewhere);
  const again = options.twice === true ? await observeAgain(checks, observations, hosts, once) : [];
  const context = contextOf({
    ...{ lab, model, captures, elsewhere, checks, verdicts, state, again },
  });
  return { verdicts, captures, findings: findAll(context) };
}
