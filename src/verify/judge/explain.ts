import type { Hosts } from '../../apply/hosts/define.js';
import type { Model } from '../../hops/emit.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { Hop } from '../../hops/types.js';
import type { Where } from '../../plan/step.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Lab } from '../../topology/lab.js';
import { findCause } from './causes/index.js';
import { inspect, type Subject } from '../state/inspect.js';
import { judge, type FindCause } from './judge.js';
import { letThrough } from './let-through.js';
import type { Evidence } from '../run/observe.js';
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
): Promise<readonly Verdict[]> {
  const judgeAll = (cause?: FindCause) =>
    checks.flatMap((check, index) => {
      const observation = observations[index];
      if (!observation) return [];
      return [judge(check, observation, cause, (arrived) => letThrough(model, arrived))];
    });
  const first = judgeAll();
  // What nobody saw is not known to be sent: what keeps it from being sent is looked for all the same.
  const unexplained = checks.filter(
    (_, index) => first[index]?.blame?.reason === null || observations[index]?.unseen === true,
  );
  if (unexplained.length === 0) return first;
  const states = await inspect(subjectsOf(unexplained), hosts);
  const addressesOf = (hop: Hop): readonly string[] =>
    lab.nodes.flatMap(({ addresses }) =>
      addresses
        .filter(({ stack, device }) => stack === hop.stack && device === hop.device)
        .map(({ ip }) => ip),
    );
  return judgeAll((lost) => {
    try {
      return findCause({
        ...{ ...lost, model, gone, addressesOf },
        stackOf: (hop) => states.get(hop.stack),
      });
    } catch {
      // What a stack said of itself makes no sense: nothing is known of the cause.
      return undefined;
    }
  });
}

/** What to look at to explain losses: the stacks on their ways, with their devices. */
function subjectsOf(checks: readonly PreparedCheck[]): readonly Subject[] {
  const stacks = new Map<string, { where: Where; devices: Set<string>; bridges: Set<string> }>();
  for (const hop of checks.flatMap(({ hops }) => hops)) {
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
