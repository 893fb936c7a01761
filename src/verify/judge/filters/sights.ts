import { deviceSights } from '../../../hops/device-sights.js';
import { comesIn } from '../../../hops/onward.js';
import type { Filtering } from '../../../hops/filtering.js';
import { rulesOf } from '../../../hops/kinds/index.js';
import type { Sight } from '../../../hops/sight.js';
import type { Hop } from '../../../hops/types.js';
import type { StackState } from '../../state/inspect.js';
import type { LostFrame } from '../causes/define.js';

/** The packet filter of a stack as it really is. */
const filteringOf = ({ ruleset, sysctls, devices }: StackState): Filtering => ({
  ruleset,
  isOn: (name) => sysctls.get(name) === '1',
  hasOption: (bridge, option) =>
    Number(devices.get(bridge)?.linkinfo?.info_data?.[option] ?? 0) === 1,
});

/** The packet filter of the stack of a hop; nothing where it cannot be looked at. */
export function filteringAt({ stackOf }: LostFrame, hop: Hop): Filtering | undefined {
  const stack = stackOf(hop);
  return stack && filteringOf(stack);
}

/** The places between the last hop that saw the frame and the first that missed it. */
function onTheWay(scene: LostFrame): readonly Sight[] {
  const { leg, lastSeen, firstMissed, model } = scene;
  return leg.path.flatMap((hop, index): readonly Sight[] => {
    const filtering = filteringAt(scene, hop);
    if (!filtering || index < lastSeen || index > firstMissed) return [];
    if (!model.graph.hops.has(hop.id)) return [];
    const [from, to] = [leg.path[index - 1], leg.path[index + 1]];
    const crossing = { hop, place: model.graph.place(hop.id), from, to };
    const rules = rulesOf(hop.kind);
    const isOwn =
      rules.isKernelBridge === true || (comesIn(crossing) ? index < firstMissed : index > lastSeen);
    return isOwn ? deviceSights(crossing, leg.frames[index] ?? leg.frame, rules, filtering) : [];
  });
}

/** All places at which a filter may have dropped the frame, in the order in which it comes to them. */
export function sightsOf(scene: LostFrame): readonly Sight[] {
  const { leg, lastSeen } = scene;
  const [at] = leg.path;
  const inStack = lastSeen < 0 && at ? (leg.sights?.() ?? []) : [];
  // Nothing was sent: the first hop is where it should have been seen.
  return [...inStack.map((sight) => ({ ...sight, hop: at ?? sight.hop })), ...onTheWay(scene)];
}
