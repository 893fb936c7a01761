import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../../apply/hosts/define.js';
import { isClosed } from '../../hops/closed.js';
import type { Model } from '../../hops/emit.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { Hop } from '../../hops/types.js';
import type { Where } from '../../plan/step.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Lab } from '../../topology/lab.js';
import type { Incident } from './causes/define.js';
import { findCause } from './causes/index.js';
import { inspect, type Subject } from '../state/inspect.js';
import { judge, type FindCause } from './judge.js';
import { isAsPredicted, judgeState } from './judge-state.js';
import { judgeTold } from './judge-told.js';
import { letThrough } from './let-through.js';
import type { Replies } from '../run/ask.js';
import type { Evidence } from '../run/observe.js';
import { DEADLINE } from '../run/wave.js';
import type { Verdict } from './verdict.js';

/**
 * Judge checks by what was observed, one verdict for each. Where a frame was lost and the model knows of nothing, the
 * devices on its way are looked at.
 */
export async function explain(
  lab: Lab,
  model: Model,
  checks: readonly PreparedCheck[],
  { observations, gone }: Evidence,
  hosts: Hosts,
  answers: Replies = new Map(),
): Promise<readonly Verdict[]> {
  const judgeAll = (stackOf: Incident['stackOf'], cause?: FindCause) =>
    checks.flatMap((check, index) => {
      const answered = answers.get(check);
      if (answered) return [judgeTold(check, answered.told, { stackOf, gone }, answered.ms)];
      if (check.probe.state) return [judgeState(check, check.probe.state, { stackOf, gone })];
      const observation = observations[index];
      if (!observation) return [];
      return [judge(check, observation, cause, (arrived) => letThrough(model, arrived))];
    });
  const first = judgeAll(() => undefined);
  // What nobody saw is not known to be sent: what keeps it from being sent is looked for all the same.
  const unexplained = checks.filter(
    (_, index) => first[index]?.blame?.reason === null || observations[index]?.unseen === true,
  );
  const looking = checks.filter(({ probe }) => probe.state);
  if (unexplained.length + looking.length === 0) return first;
  const states = await inspectSettled(subjectsOf([...unexplained, ...looking]), looking, hosts);
  const stackOf = (hop: Hop) => states.get(hop.stack);
  const addressesOf = (hop: Hop): readonly string[] =>
    lab.nodes.flatMap(({ addresses }) =>
      addresses
        .filter(({ stack, device }) => stack === hop.stack && device === hop.device)
        .map(({ ip }) => ip),
    );
  return judgeAll(stackOf, (lost) => {
    try {
      return findCause({
        ...{ ...lost, path: lost.leg.path, model, gone, addressesOf },
        stackOf,
      });
    } catch {
      // What a stack said of itself makes no sense: nothing is known of the cause.
      return undefined;
    }
  });
}

/** Look at stacks until what hangs on others is as the model has it, or has had its time. */
async function inspectSettled(
  subjects: readonly Subject[],
  looking: readonly PreparedCheck[],
  hosts: Hosts,
): ReturnType<typeof inspect> {
  const deadline = performance.now() + DEADLINE.begin;
  for (;;) {
    const states = await inspect(subjects, hosts);
    const looked = { stackOf: (hop: Hop) => states.get(hop.stack) };
    if (looking.every((check) => isAsPredicted(check, looked))) return states;
    if (performance.now() > deadline) return states;
    await delay(100);
  }
}

/** What to look at to explain losses: the stacks on their ways, with their devices. */
function subjectsOf(checks: readonly PreparedCheck[]): readonly Subject[] {
  const stacks = new Map<string, { where: Where; devices: Set<string>; bridges: Set<string> }>();
  for (const hop of checks.flatMap(({ hops }) => hops.filter((one) => !isClosed(one)))) {
    const stack = stacks.get(hop.stack) ?? {
      where: hop.where,
      devices: new Set(),
      bridges: new Set(),
    };
    stacks.set(hop.stack, stack);
    if (rulesOf(hop.kind).isOpenFlow === true) stack.bridges.add(hop.device);
    else if (hop.settings.noDevice !== true) stack.devices.add(hop.device);
  }
  return [...stacks].map(([id, { where, devices, bridges }]) => ({
    ...{ id, where },
    devices: [...devices],
    bridges: [...bridges],
  }));
}
