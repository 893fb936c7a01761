import type { z } from 'zod';
import type { HopGraph } from '../hops/graph.js';
import type { PreparedCheck } from '../probes/prepare.js';
import type { Lab } from '../topology/lab.js';
import type { Finding } from '../verify/findings/define.js';
import type { StepResult } from '../verify/steps/step.js';
import type { Verdict } from '../verify/judge/verdict.js';
import type { resultSchemas } from './schemas/index.js';

/** What `verify` found, as `--json` prints it. Every report is made from it. */
export interface VerifyResult extends Omit<
  z.output<(typeof resultSchemas)['verify']>,
  'verdicts' | 'steps' | 'findings'
> {
  readonly verdicts: readonly ResultVerdict[];
  readonly steps: readonly StepResult[];
  readonly findings: readonly Finding[];
}

/** One verdict of a result. */
export type ResultVerdict = Verdict;

/** A verdict with what the topology says of its check. */
export interface ReportCase {
  readonly verdict: ResultVerdict;
  /** Absent where the lab has no such check. */
  readonly check: PreparedCheck | undefined;
}

/** Everything that a report is made of. */
export interface Report {
  readonly result: VerifyResult;
  readonly lab: Lab;
  readonly graph: HopGraph;
  readonly cases: readonly ReportCase[];
  /** The topology file as the user named it, with its text; absent where the lab was named. */
  readonly source: TopologySource | undefined;
}

export interface TopologySource {
  readonly file: string;
  readonly text: string;
}

/** What a result is of. */
export interface Verification extends Pick<Report, 'lab' | 'graph' | 'source'> {
  readonly checks: readonly PreparedCheck[];
}

/** Join a result with the lab that it is of. Pure. */
export function reportOf(
  result: VerifyResult,
  { lab, graph, checks, source }: Verification,
): Report {
  const cases = result.verdicts.map((verdict, index): ReportCase => {
    const check = checks[index];
    const { probe, variant, from, to } = verdict;
    const same =
      check?.probe.kind === probe &&
      (check.probe.variant ?? null) === variant &&
      check.probe.check.from === from &&
      check.probe.check.to === to;
    return { verdict, check: same ? check : undefined };
  });
  return { result, lab, graph, cases, source };
}
