import { evaluate, type Fate, type RulePlace } from '../nft/evaluate.js';
import type { Packet } from '../nft/fields.js';
import type { Chain, Ruleset } from '../nft/ruleset.js';
import { chance, drop } from './outcome.js';
import type { Sight } from './sight.js';
import type { Forwarding } from './types.js';

/** The packet filter of a stack, and what decides which of its chains see what. */
export interface Filtering {
  readonly ruleset: Ruleset;
  /** Is a setting of `/proc/sys` on? */
  readonly isOn: (sysctl: string) => boolean;
  /** Is an option of a bridge on: ip-link(8)? */
  readonly hasOption: (bridge: string, option: string) => boolean;
  /** Why the rules are not known. */
  readonly unknown?: string;
  /** Can a packet filter that is not known see anything there? */
  readonly concerns?: (sight: Sight) => boolean;
}

/** Packet filters by the ids of the stacks that have one. */
export type Filters = ReadonlyMap<string, Filtering>;

/** Is a chain one that sees the packet there? Chains of type nat see what begins a flow. */
const sees = ({ families, device, packet }: Sight, chain: Chain): boolean =>
  families.includes(chain.family) &&
  chain.hook === packet.hook &&
  (device === undefined || chain.devices.includes(device)) &&
  (chain.type !== 'nat' || begins(packet));

/** Does it begin a flow, as far as that can be told? */
const begins = ({ frame: { icmp, icmp6, udp, tcp }, isFirst }: Packet): boolean =>
  (icmp ?? icmp6)?.kind === 'echo-request' || ((udp ?? tcp) !== undefined && isFirst === true);

/** A place, and what becomes of the packet in a chain that sees it there. */
interface Seen {
  readonly sight: Sight;
  readonly fate: Exclude<Fate, { kind: 'accepted' }> | Unread;
}

/** The rules are not known. */
interface Unread {
  readonly kind: 'unread';
  readonly why: string;
  readonly mayChange: true;
}

/** What does not let a packet pass for sure at a place, in the order in which its chains see it. */
function seenAt(filtering: Filtering, sight: Sight): readonly Seen[] {
  const { ruleset, unknown } = filtering;
  if (unknown !== undefined)
    return filtering.concerns?.(sight) === false
      ? []
      : [{ sight, fate: { kind: 'unread', why: unknown, mayChange: true } }];
  return ruleset.chains
    .filter((chain) => sees(sight, chain))
    .toSorted((a, b) => a.priority - b.priority)
    .flatMap((chain): Seen[] => {
      const fate = evaluate(ruleset, chain, sight.packet);
      return fate.kind === 'accepted' ? [] : [{ sight, fate }];
    });
}

/** What decides: the first that surely drops, unless one before it may have made another packet of it; else the first. */
function decisive(all: readonly Seen[]): Seen | undefined {
  const drops = all.findIndex(({ fate }) => fate.kind === 'dropped');
  const changes = all.findIndex(({ fate }) => fate.kind !== 'dropped' && fate.mayChange);
  return drops >= 0 && (changes < 0 || drops < changes) ? all[drops] : all[0];
}

/** The first rule, or policy, that surely drops a packet at a place; nothing where none does. */
export function droppedAt(filtering: Filtering, sight: Sight): RulePlace | undefined {
  const seen = decisive(seenAt(filtering, sight));
  return seen?.fate.kind === 'dropped' ? seen.fate : undefined;
}

/** A rule, or the policy, in its own words, and where it stands. */
function wordsOf({ chain, rule }: RulePlace, { packet }: Sight): string {
  const place = `(table ${chain.family} ${chain.table}, chain ${chain.name}, hook ${packet.hook})`;
  return rule === undefined
    ? `by the policy of a chain for what no rule accepts: \`policy drop\` ${place}`
    : `by a rule: \`${rule.text}\` ${place}`;
}

/** What drops a packet, as a sentence. */
export function reasonOf(place: RulePlace, sight: Sight): string {
  const { hop, because } = sight;
  const words = wordsOf(place, sight);
  return because
    ? `${because.text}, and there it is dropped ${words}.`
    : `nftables drops it in ${hop.stack} ${words}.`;
}

/** What may drop or change a packet, as sentences. */
function doubtOf({ sight, fate }: Seen): string {
  const { stack } = sight.hop;
  if (fate.kind === 'unread')
    return `The packet filter of ${stack} may drop it: what its rules do is not known, because ${fate.why}.`;
  const led = sight.because ? `${sight.because.text}. ` : '';
  const does = fate.kind === 'unsure' && fate.mayChange ? 'drop or change' : 'drop';
  return `${led}nftables may ${does} it in ${stack} ${wordsOf(fate, sight)}: what decides that is not to be read from the packet.`;
}

/** Where it is written how filters see a packet. */
export const sourceOf = ({ because }: Sight): string =>
  because
    ? 'nft(8); Linux net/bridge/br_netfilter_hooks.c; Documentation/networking/bridge.rst'
    : 'nft(8)';

/** What to do about a rule of a file. */
const remedyOf = ({ hop, because }: Sight): string =>
  [`Change \`nft:\` of ${hop.stack} in the file.`, because?.remedy]
    .filter((text) => text !== undefined)
    .join(' ');

/** What the packet filters of a file do with a packet at one place after the other; nothing where they let it pass. */
export function filtered(filters: Filters, sights: readonly Sight[]): Forwarding | undefined {
  const seen = decisive(
    sights.flatMap((sight) => {
      const filtering = filters.get(sight.hop.stack);
      return filtering ? seenAt(filtering, sight) : [];
    }),
  );
  if (!seen) return undefined;
  const { sight, fate } = seen;
  const source = sourceOf(sight);
  if (fate.kind === 'dropped') return drop(reasonOf(fate, sight), remedyOf(sight), source);
  const remedy =
    fate.kind === 'unread'
      ? 'Let patchlab read the rules; `patchlab doctor` tells what is missing.'
      : remedyOf(sight);
  return chance(undefined, { reason: doubtOf(seen), remedy, source });
}
