import type { Hop } from '../../../hops/types.js';
import type { StackState } from '../../state/inspect.js';
import { isHostFilter } from '../../../plan/host-filter.js';
import { firstOf, suspectsIn, type CauseKind, type Scene } from './define.js';

/** A rule that drops, and where it hangs: nft(8). */
interface Dropping {
  readonly family: string;
  readonly hook: string;
  /** Device that the chain is bound to; all of the stack's otherwise. */
  readonly device: string | undefined;
  readonly rule: string;
  readonly table: string;
}

/** Rules that drop or reject, from the text of `nft list ruleset`, but for those that keep labs off the host. */
export function droppingRules(ruleset: string): readonly Dropping[] {
  const found: Dropping[] = [];
  let table = '';
  let [family, hook]: readonly [string, string] = ['', ''];
  let device: string | undefined;
  for (const line of ruleset.split('\n').map((text) => text.trim())) {
    const opened = /^table (\w+) (\S+) \{/.exec(line);
    if (opened) [family, table] = [opened[1] ?? '', opened[2] ?? ''];
    const based = /^type \w+ hook (\w+)(?: device "?([^" ]+)"?)?.* policy (\w+)/.exec(line);
    if (based) [hook, device] = [based[1] ?? '', based[2]];
    const drops = /\b(drop|reject)\b/.test(line) && !based;
    if (drops || based?.[3] === 'drop')
      found.push({ family, hook, device, table, rule: based ? 'policy drop' : line });
  }
  return found.filter(({ table: name }) => !isHostFilter(name));
}

/** Families whose rules see a frame at a device, and those that see it in the stack beyond. */
const onDevice = ({ family, device }: Dropping, hop: Hop): boolean =>
  family === 'netdev' ? device === hop.device : family === 'bridge' && hop.kind === 'bridge';

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  arp: ['arp'],
  ip: ['icmp'],
  ip6: ['icmp6', 'nd'],
  inet: ['icmp', 'icmp6', 'nd'],
};

/** Rules of the stack's own protocols matter at the ends of the way only. */
const inStack = ({ family }: Dropping, scene: Scene, hop: Hop): boolean =>
  [scene.leg.path.at(0), scene.leg.path.at(-1)].includes(hop) &&
  (CLASSES[family] ?? []).some((name) => scene.leg.class.startsWith(name));

const describe = ({ family, table, hook, rule }: Dropping) => ({
  reason: `nftables there has a rule that drops: \`${rule}\` (table ${family} ${table}, hook ${hook}).`,
  remedy: `Remove the rule, or the table: \`nft delete table ${family} ${table}\`.`,
  source: 'nft(8)',
});

/** Does tc drop or take away what passes a device? tc(8) actions. */
function byTrafficControl({ filters }: StackState, hop: Hop) {
  for (const direction of ['ingress', 'egress']) {
    const text = filters.get(`${direction} ${hop.device}`) ?? '';
    const action = /action order .*?: (.*(?:drop|stolen|shot).*)/.exec(text)?.[1];
    if (action === undefined) continue;
    return {
      reason: `A filter of tc at the device's ${direction} takes frames away: ${action.trim()}.`,
      remedy: `Remove it: \`tc filter del dev ${hop.device} ${direction}\`.`,
      source: 'tc(8); tc-actions(8)',
    };
  }
  return undefined;
}

/** A packet filter on the way or at its ends. */
export const filter: CauseKind = {
  name: 'filter',
  doc: 'A packet filter (nftables, tc) on the way drops frames.',
  find: (scene) =>
    firstOf(scene, (hop) => {
      const stack = scene.stackOf(hop);
      if (!stack) return undefined;
      const rules = droppingRules(stack.ruleset);
      const rule =
        rules.find((one) => onDevice(one, hop)) ?? rules.find((one) => inStack(one, scene, hop));
      return rule ? describe(rule) : byTrafficControl(stack, hop);
    }) ?? bridgeRule(scene),
};

/** A bridge has no capture of its own: its rules may have eaten what the port before it saw. */
function bridgeRule(scene: Scene) {
  const last = suspectsIn(scene).at(-1);
  const hop = scene.leg.path.find(
    ({ kind }, index) =>
      kind === 'bridge' && index >= scene.lastSeen && index <= scene.firstMissed + 1,
  );
  const stack = hop && scene.stackOf(hop);
  const rule = stack && droppingRules(stack.ruleset).find(({ family }) => family === 'bridge');
  return rule && last ? { at: hop, ...describe(rule) } : undefined;
}
