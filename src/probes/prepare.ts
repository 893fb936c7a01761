import { stacksOf } from '../ip/stack.js';
import type { LabModel } from '../hops/model.js';
import type { Hop } from '../hops/types.js';
import { phasesOf, withCuts } from '../topology/cut.js';
import { probeKind } from '../topology/kinds.js';
import type { Check, Lab, LabStep } from '../topology/lab.js';
import { under, type Problem } from '../topology/problem.js';
import { didYouMeanLabel } from '../topology/suggest.js';
import { bystandersOf, overhearing } from './bystanders.js';
import type { Around, Leg, Patience, Probe } from './define.js';
import { endFinder, type FindEnds } from './find-ends.js';
import type { Named } from './inquiry.js';
import { patienceFor } from './patience.js';

/** A check made ready: what to send, the hops that it crosses, and what the model says of each leg. */
export interface PreparedCheck {
  readonly probe: Probe;
  /** The course that it is looked at on: the first of its probe's, where nobody has said which. */
  readonly legs: readonly Leg[];
  /** All hops that a leg crosses, each once, in the order in which they are first met. */
  readonly hops: readonly Hop[];
  /** Ends of the lab that must hear nothing of it; none where that does not matter. */
  readonly bystanders: readonly Hop[];
  /** Those of them that do, as the model has it. */
  readonly overhearing: readonly Hop[];
  readonly patience: Patience;
}

/** What is done between two checks, made ready. */
export interface PreparedStep {
  readonly step: LabStep;
  /** A ping as it is answered once that is done. */
  readonly ping: PreparedCheck | undefined;
}

export interface PreparedChecks {
  readonly checks: readonly PreparedCheck[];
  readonly steps: readonly PreparedStep[];
  readonly problems: readonly Problem[];
}

/**
 * Make every check of a lab ready, or say what keeps it from running. Pure.
 * @param isInside - a check that ends in a guest without an agent is refused; else it is made as far as is seen from outside
 */
export function prepareChecks(lab: Lab, model: LabModel, isInside = false): PreparedChecks {
  const checks: PreparedCheck[] = [];
  const steps: PreparedStep[] = [];
  const problems: Problem[] = [];
  for (const one of madeReady(lab, model, isInside))
    if (Array.isArray(one)) problems.push(...one);
    else if ('probe' in one) checks.push(one);
    else steps.push(one);
  return { checks, steps, problems };
}

/** What keeps checks of a lab from running. Each is made ready and let go: there may be a hundred thousand. Pure. */
export function checkProblems(lab: Lab, model: LabModel): readonly Problem[] {
  const problems: Problem[] = [];
  for (const one of madeReady(lab, model, false)) if (Array.isArray(one)) problems.push(...one);
  return problems;
}

/** The checks and steps of a lab in their order, one at a time, or the problems of one. */
function* madeReady(
  lab: Lab,
  model: LabModel,
  isInside: boolean,
): Generator<PreparedCheck | PreparedStep | Problem[]> {
  // Its place in the file, where what is done has one as well.
  let line = 0;
  for (const { step, checks, cuts } of phasesOf(lab)) {
    const state = withCuts(lab, cuts);
    const then = state === lab ? model : model.whenCut(cuts);
    const find = endFinder(lab.nodes, then.graph, isInside);
    const findInside = step?.pings ? endFinder(lab.nodes, then.graph, true) : find;
    const around: Around = { lab: state, model: then, stacks: stacksOf(state, then.graph) };
    const prepared = (check: Check, finding = find): PreparedCheck | Problem[] => {
      const result = prepareCheck(check, finding, around);
      return 'probe' in result ? result : result.map((problem) => under(['verify', line], problem));
    };
    if (step) {
      const ping = step.pings && prepared(pingOf(step.pings), findInside);
      const isReady = !Array.isArray(ping);
      if (!isReady) yield ping;
      yield { step, ping: isReady ? ping : undefined };
      line += 1;
    }
    for (const check of checks) {
      yield prepared(check);
      line += 1;
    }
  }
}

const pingOf = ({ from, to }: Pick<Check, 'from' | 'to'>): Check => ({
  ...{ probe: 'icmp', from, to, expect: 'pass', at: undefined, nowhere_else: false },
});

/** Make one check ready that the lab need not have, or say what keeps it from running. Pure. */
export function prepareOne(lab: Lab, model: LabModel, check: Check): PreparedCheck | Problem {
  const { checks, problems } = prepareChecks({ ...lab, checks: [check], steps: [] }, model, true);
  const [result] = [...problems, ...checks];
  if (!result) throw new RangeError('the check was not prepared');
  return result;
}

function prepareCheck(check: Check, find: FindEnds, around: Around): PreparedCheck | Problem[] {
  const kind = probeKind(check.probe);
  const from = find(check.from, [kind.looks ? 'at' : 'from']);
  const to = find(check.to, [kind.looks ? 'at' : 'to']);
  if (!Array.isArray(from) || !Array.isArray(to))
    return [from, to].flatMap((found) => (Array.isArray(found) ? [] : [found]));
  const probe = kind.prepare(check as never, { from, to }, around);
  if (!('courses' in probe)) return [...probe];
  const { courses } = probe;
  const [legs = []] = courses;
  const hops = hopsOf(probe);
  const { lab, model } = around;
  const bystanders = check.nowhere_else ? bystandersOf(lab, model.graph, hops) : NOBODY;
  const heard = overhearing(model, courses, bystanders);
  const patience = patienceFor(courses, model);
  return unknownHop(check, hops) ?? { probe, legs, hops, bystanders, overhearing: heard, patience };
}

const NOBODY: readonly Hop[] = [];

/** Each once, in the order in which they are first met. */
function hopsOf({ courses, state, question }: Probe): readonly Hop[] {
  const hops = new Set<Hop>(state?.path);
  for (const { path } of question?.ways ?? []) for (const hop of path) hops.add(hop);
  for (const legs of courses) for (const { path } of legs) for (const hop of path) hops.add(hop);
  return [...hops];
}

/** What is looked for on ways: its frames, the state that is looked at, or what is asked about. */
export const waysOf = ({ probe, legs }: PreparedCheck): readonly Named[] =>
  probe.question?.ways ?? (probe.state ? [probe.state] : legs);

/** The same check on another course. */
export const onCourse = (check: PreparedCheck, course: number): PreparedCheck => ({
  ...check,
  legs: check.probe.courses[course] ?? check.legs,
});

function unknownHop({ at }: Check, hops: readonly Hop[]): Problem[] | undefined {
  if (at === undefined || hops.some((hop) => hop.label === at || hop.device === at))
    return undefined;
  const labels = hops.map((hop) => hop.label);
  return [
    {
      code: 'topology/unknown-hop',
      path: ['at'],
      what: `No device on the path is called \`${at}\`.`,
      why: `the path is ${labels.join(' > ')}`,
      fix: () => didYouMeanLabel(at, labels),
    },
  ];
}
