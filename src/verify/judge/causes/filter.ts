import type { StackState } from '../../state/inspect.js';
import { evaluate, type Fate } from '../../nft/evaluate.js';
import type { Chain } from '../../nft/ruleset.js';
import type { Sight } from '../filters/sight.js';
import { sightsOf } from '../filters/sights.js';
import { takenByTc } from '../filters/tc.js';
import type { CauseKind, Explanation, LostFrame } from './define.js';

type Dropped = Extract<Fate, { kind: 'dropped' }>;

/** Is a chain one that sees the packet there? Chains of type nat see what begins a flow. */
const sees = ({ families, device, packet }: Sight, chain: Chain): boolean =>
  families.includes(chain.family) &&
  chain.hook === packet.hook &&
  (device === undefined || chain.devices.includes(device)) &&
  (chain.type !== 'nat' || (packet.frame.icmp ?? packet.frame.icmp6)?.kind === 'echo-request');

/** The first chain that drops the packet there, for sure. */
function droppedBy({ ruleset }: StackState, sight: Sight): Dropped | undefined {
  const chains = ruleset.chains
    .filter((chain) => sees(sight, chain))
    .toSorted((a, b) => a.priority - b.priority);
  for (const chain of chains) {
    const fate = evaluate(ruleset, chain, sight.packet);
    if (fate.kind === 'dropped') return fate;
  }
  return undefined;
}

/** Does the file itself have the table of a chain? */
const isWrittenIn = (rules: string, { family, table }: Chain): boolean =>
  [...rules.matchAll(/\btable\s+(?:(\w+)\s+)?([\w./-]+)\s*\{/g)].some(
    ([, of = 'ip', name]) => of === family && name === table,
  );

/** A rule, its table and chain, and what to do about it. */
function describe({ writtenFor }: LostFrame, sight: Sight, { chain, rule }: Dropped): Explanation {
  const { hop, because } = sight;
  const { family, table, name } = chain;
  const { hook } = sight.packet;
  const place = `table ${family} ${table}, chain ${name}, hook ${hook}`;
  const what =
    rule === undefined
      ? `by the policy of a chain for what no rule accepts: \`policy drop\` (${place})`
      : `by a rule: \`${rule.text}\` (${place})`;
  const isWritten = isWrittenIn(writtenFor(hop), chain);
  const open =
    rule === undefined
      ? `Accept it there (\`nft add rule ${family} ${table} ${name} ... accept\`), or let the chain accept what no rule drops.`
      : `Remove the rule: \`nft delete rule ${family} ${table} ${name} handle ${rule.handle}\`.`;
  return {
    at: hop,
    reason: because
      ? `${because.text}, and there it is dropped ${what}.`
      : `nftables drops it in ${hop.stack} ${what}.`,
    remedy: [isWritten ? `Change \`nft:\` of ${hop.stack} in the file.` : open, because?.remedy]
      .filter((text) => text !== undefined)
      .join(' '),
    source: because
      ? 'nft(8); Linux net/bridge/br_netfilter_hooks.c; Documentation/networking/bridge.rst'
      : 'nft(8)',
    ...(isWritten && { isWritten }),
  };
}

/** A packet filter on the way or at its ends. */
export const filter: CauseKind = {
  name: 'filter',
  doc: 'A packet filter (nftables, tc) drops the frame: a rule that matches it, where the frame passes. What is not understood of a rule never counts.',
  find(scene) {
    for (const sight of sightsOf(scene)) {
      const stack = scene.stackOf(sight.hop);
      if (!stack) continue;
      const fate = droppedBy(stack, sight);
      if (fate) return describe(scene, sight, fate);
      const taken = takenByTc(stack.filters, sight);
      if (taken) return { at: sight.hop, ...taken };
    }
    return undefined;
  },
};
