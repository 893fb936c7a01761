import { equals, every, matches, type MatchContext, type Truth } from './match.js';
import type { Packet } from './fields.js';
import type { Chain, Rule, Ruleset, Statement } from './ruleset.js';

/** What becomes of a packet in a chain. `unsure`: something there is not understood that may have decided it. */
export type Fate =
  | { readonly kind: 'accepted' | 'through' | 'unsure' }
  | {
      readonly kind: 'dropped';
      readonly chain: Chain;
      /** The rule; none where the policy of the chain did it. */
      readonly rule: Rule | undefined;
    };

/** What a rule does with a packet that it matches. `nothing`: it goes on to the next rule. */
interface Verdict {
  readonly kind: 'accept' | 'drop' | 'return' | 'jump' | 'goto' | 'nothing' | 'unknown';
  /** Chain that a jump leads to. */
  readonly target?: string;
}

/** Longest chain of jumps: Linux include/net/netfilter/nf_tables.h, NFT_JUMP_STACK_SIZE. */
const MOST_JUMPS = 16;

/** Statements that only count, tell or mark. */
const HARMLESS: readonly string[] = ['counter', 'log', 'mangle', 'notrack', 'set', 'comment'];

const VERDICTS: Readonly<Record<string, 'accept' | 'drop' | 'return' | 'nothing'>> = {
  accept: 'accept',
  drop: 'drop',
  reject: 'drop',
  return: 'return',
  continue: 'nothing',
  snat: 'accept',
  dnat: 'accept',
  masquerade: 'accept',
  redirect: 'accept',
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The verdict of a statement; nothing where it is none. */
function verdictOf(statement: unknown): Verdict | undefined {
  if (!isRecord(statement)) return { kind: 'unknown' };
  const [key = '', value] = Object.entries(statement)[0] ?? [];
  const kind = VERDICTS[key];
  if (kind) return { kind };
  if (key !== 'jump' && key !== 'goto') return undefined;
  const target = isRecord(value) ? value['target'] : undefined;
  return typeof target === 'string' ? { kind: key, target } : { kind: 'unknown' };
}

/** Does a rule match, and what does it do then? */
interface Reading {
  readonly isMatch: Truth;
  readonly verdict: Verdict;
}

/** A verdict map: that of the first element that the key is. */
function readMap(map: unknown, around: MatchContext): Reading {
  const unknown: Reading = { isMatch: undefined, verdict: { kind: 'unknown' } };
  if (!isRecord(map)) return unknown;
  const { key, data } = map;
  const pairs = isRecord(data) ? data['set'] : undefined;
  if (!Array.isArray(pairs)) return unknown;
  for (const pair of pairs as unknown[]) {
    if (!Array.isArray(pair)) return unknown;
    const isMatch = equals(key, pair[0], around);
    if (isMatch === undefined) return unknown;
    if (isMatch) return { isMatch, verdict: verdictOf(pair[1]) ?? { kind: 'unknown' } };
  }
  return { isMatch: false, verdict: { kind: 'nothing' } };
}

/** Read a rule from left to right: its matches up to its verdict. */
function readRule(statements: readonly Statement[], around: MatchContext): Reading {
  const truths: Truth[] = [];
  for (const statement of statements) {
    const [key = '', value] = Object.entries(statement)[0] ?? [];
    if (HARMLESS.includes(key)) continue;
    if (key === 'match') {
      truths.push(matches(value, around));
      continue;
    }
    const { isMatch, verdict } =
      key === 'vmap' ? readMap(value, around) : { isMatch: true, verdict: verdictOf(statement) };
    if (verdict) return { isMatch: every([...truths, isMatch]), verdict };
    // A limit, a quota, a match of iptables: it may hold or not.
    truths.push(undefined);
    if (!LIMITS.includes(key)) return { isMatch: every(truths), verdict: { kind: 'unknown' } };
  }
  return { isMatch: every(truths), verdict: { kind: 'nothing' } };
}

/** Statements that let a rule go on or not, and do nothing else. */
const LIMITS: readonly string[] = ['limit', 'quota', 'ct count', 'xt'];

function runChain(ruleset: Ruleset, chain: Chain, packet: Packet, depth: number): Fate {
  let isUnsure = false;
  const decided = (fate: Fate): Fate => (isUnsure ? { kind: 'unsure' } : fate);
  for (const rule of chain.rules) {
    const { isMatch, verdict } = readRule(rule.statements, { ruleset, chain, packet });
    if (isMatch === false || verdict.kind === 'nothing') continue;
    if (isMatch === undefined || verdict.kind === 'unknown') {
      // What may have dropped it does not change what a later rule drops.
      if (verdict.kind !== 'drop') isUnsure = true;
      continue;
    }
    if (verdict.kind === 'accept') return decided({ kind: 'accepted' });
    if (verdict.kind === 'drop') return decided({ kind: 'dropped', chain, rule });
    if (verdict.kind === 'return') return decided({ kind: 'through' });
    const fate = runTarget(ruleset, chain, verdict.target ?? '', packet, depth);
    if (fate.kind === 'unsure') isUnsure = true;
    else if (fate.kind !== 'through' || verdict.kind === 'goto') return decided(fate);
  }
  return decided({ kind: 'through' });
}

function runTarget(
  ruleset: Ruleset,
  { family, table }: Chain,
  name: string,
  packet: Packet,
  depth: number,
): Fate {
  const target = ruleset.chains.find(
    (chain) => chain.family === family && chain.table === table && chain.name === name,
  );
  if (!target || depth >= MOST_JUMPS) return { kind: 'unsure' };
  return runChain(ruleset, target, packet, depth + 1);
}

/** Does a base chain drop a packet for sure? Only what is understood counts. Pure. */
export function evaluate(ruleset: Ruleset, chain: Chain, packet: Packet): Fate {
  const fate = runChain(ruleset, chain, packet, 0);
  if (fate.kind !== 'through') return fate;
  return chain.policy === 'drop'
    ? { kind: 'dropped', chain, rule: undefined }
    : { kind: 'accepted' };
}
