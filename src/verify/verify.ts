import type { Hosts } from '../apply/hosts/define.js';
import { whereIn } from '../plan/link-hops.js';
import type { Where } from '../plan/step.js';
import type { Wiring } from '../plan/wire.js';
import { prepareChecks, type PreparedCheck } from '../probes/prepare.js';
import type { Hop } from '../hops/types.js';
import type { Lab } from '../topology/lab.js';
import { findCause } from './causes/index.js';
import { readState } from './device-state.js';
import { contextOf } from './findings/context.js';
import type { Finding } from './findings/define.js';
import { findAll } from './findings/index.js';
import { inspect, type Subject } from './inspect.js';
import { withJoins } from './joins.js';
import { judge, type FindCause } from './judge.js';
import { observe, type Evidence, type ObserveOptions } from './observe.js';
import type { Verdict } from './verdict.js';

export interface Verified {
  readonly verdicts: readonly Verdict[];
  readonly captures: Evidence['captures'];
  /** What nobody asked about. */
  readonly findings: readonly Finding[];
}

/** Prove the checks of a lab that is up: send, watch every hop, judge; where a frame was lost, look why; and look what else is to be seen. */
export async function verifyLab(
  lab: Lab,
  wiring: Wiring,
  hosts: Hosts,
  options: ObserveOptions = {},
): Promise<Verified> {
  const { checks } = prepareChecks(lab, wiring.graph);
  const [{ observations, captures, gone }, state] = await Promise.all([
    withJoins(checks, hosts, () => observe(lab, checks, hosts, options)),
    readState(lab, wiring.graph, hosts),
  ]);
  const whereOf = whereIn(lab);
  const judgeAll = (cause?: FindCause) =>
    checks.flatMap((check, index) => {
      const observation = observations[index];
      if (!observation) return [];
      return [{ check, verdict: judge(check, observation, (hop) => whereOf(hop).host, cause) }];
    });
  const first = judgeAll();
  const unexplained = first.filter(({ verdict: { blame } }) => blame && blame.reason === null);
  const verdicts = (list: typeof first) => list.map(({ verdict }) => verdict);
  const result = (judged: typeof first): Verified => ({
    verdicts: verdicts(judged),
    captures,
    findings: findAll(
      contextOf({ lab, graph: wiring.graph, captures, verdicts: verdicts(judged), state }),
    ),
  });
  if (unexplained.length === 0) return result(first);
  const subjects = subjectsOf(
    unexplained.map(({ check }) => check),
    whereOf,
  );
  const states = await inspect(subjects, hosts);
  options.lap?.('look for causes');
  const addressesOf = (hop: Hop): readonly string[] =>
    lab.nodes.flatMap(({ addresses }) =>
      addresses
        .filter(({ stack, device }) => stack === hop.stack && device === hop.device)
        .map(({ ip }) => ip),
    );
  const cause: FindCause = (lost) =>
    findCause({ ...lost, gone, addressesOf, stackOf: (hop) => states.get(hop.stack) });
  return result(judgeAll(cause));
}

/** What to look at to explain losses: the stacks on their ways, with their devices. */
function subjectsOf(
  checks: readonly PreparedCheck[],
  whereOf: (hop: Hop) => Where,
): readonly Subject[] {
  const stacks = new Map<string, { where: Where; devices: Set<string>; bridges: Set<string> }>();
  for (const hop of checks.flatMap(({ path }) => path)) {
    const stack = stacks.get(hop.stack) ?? {
      where: whereOf(hop),
      devices: new Set(),
      bridges: new Set(),
    };
    stacks.set(hop.stack, stack);
    (hop.kind.startsWith('ovs') ? stack.bridges : stack.devices).add(hop.device);
  }
  return [...stacks].map(([id, { where, devices, bridges }]) => ({
    ...{ id, where },
    devices: [...devices],
    bridges: [...bridges],
  }));
}
