import { isRecord } from '../is-record.js';
import { equals, every, matches, ofAllParts, type MatchContext, type Truth } from './match.js';
import type { Packet } from './fields.js';
import type { Chain, Rule, Ruleset, Statement } from './ruleset.js';

/** A rule of a chain; none where its policy is meant. */
export interface RulePlace {
  readonly chain: Chain;
  readonly rule: Rule | undefined;
}

/** What becomes of a packet in a chain. */
export type Fate =
  | { readonly kind: 'accepted' }
  /** For sure. */
  | ({ readonly kind: 'dropped' } & RulePlace)
  /** It may be dropped or not: the rule is not understood, or what decides is no part of a packet. */
  | ({
      readonly kind: 'unsure';
      /** The rule may also make another packet of it, such as by network address translation. */
      readonly mayChange: boolean;
    } & RulePlace);

/** What a rule does with a packet that it matches. `nothing`: it goes on to the next rule. */
interface Verdict {
  readonly kind: 'accept' | 'drop' | 'return' | 'jump' | 'goto' | 'nothing' | 'unknown';
  /** Chain that a jump leads to. */
  readonly target?: string;
}

/** Longest chain of jumps: Linux include/net/netfilter/nf_tables.h, NFT_JUMP_STACK_SIZE. */
const MOST_JUMPS = 16;

/** Statements that only count, tell or remember. */
const HARMLESS: readonly string[] = ['counter', 'log', 'set', 'comment'];

const VERDICTS: Readonly<Record<string, 'accept' | 'drop' | 'return' | 'nothing'>> = {
  accept: 'accept',
  drop: 'drop',
  reject: 'drop',
  return: 'return',
  continue: 'nothing',
};

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

/** Does a statement set nothing but a mark beside the packet? What changes the packet itself is not followed. */
function isMark(key: string, value: unknown): boolean {
  if (key !== 'mangle' || !isRecord(value)) return false;
  const target = isRecord(value['key']) ? value['key'] : {};
  const { meta, ct } = target;
  return isRecord(meta) || (isRecord(ct) && ct['key'] !== 'zone');
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
    const isMatch = ofAllParts(equals(key, pair[0], around), key, around);
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
    if (HARMLESS.includes(key) || isMark(key, value)) continue;
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

/** A packet on its way through chains, and the first rules that may have decided what becomes of it. */
interface Run {
  readonly ruleset: Ruleset;
  readonly packet: Packet;
  mayDrop?: RulePlace;
  mayPass?: RulePlace;
  mayChange?: RulePlace;
}

/** What surely becomes of a packet, if no rule before has decided otherwise. `through`: the end of the chain. */
type Sure = { readonly kind: 'accepted' | 'through' } | Extract<Fate, { kind: 'dropped' }>;

/** Remember a rule that may match, or that nobody knows what it does. */
function doubt(run: Run, place: RulePlace, kind: Verdict['kind']): void {
  if (kind !== 'accept') run.mayDrop ??= place;
  if (kind !== 'drop') run.mayPass ??= place;
  if (kind === 'unknown') run.mayChange ??= place;
}

function runChain(run: Run, chain: Chain, depth: number): Sure {
  const { ruleset, packet } = run;
  for (const rule of chain.rules) {
    const { isMatch, verdict } = readRule(rule.statements, { ruleset, chain, packet });
    const { kind, target } = verdict;
    if (isMatch === false || kind === 'nothing') continue;
    const next = kind === 'jump' || kind === 'goto' ? targetOf(run, chain, target, depth) : chain;
    if (isMatch === undefined || kind === 'unknown' || !next) {
      doubt(run, { chain, rule }, kind);
      continue;
    }
    if (kind === 'accept') return { kind: 'accepted' };
    if (kind === 'drop') return { kind: 'dropped', chain, rule };
    if (kind === 'return') return { kind: 'through' };
    const fate = runChain(run, next, depth + 1);
    if (fate.kind !== 'through' || kind === 'goto') return fate;
  }
  return { kind: 'through' };
}

/** The chain that a jump leads to; none where it is not there, or too deep. */
const targetOf = (
  { ruleset }: Run,
  { family, table }: Chain,
  name: string | undefined,
  depth: number,
): Chain | undefined =>
  depth >= MOST_JUMPS
    ? undefined
    : ruleset.chains.find(
        (chain) => chain.family === family && chain.table === table && chain.name === name,
      );

/** What becomes of a packet in a base chain. Pure. */
export function evaluate(ruleset: Ruleset, chain: Chain, packet: Packet): Fate {
  const run: Run = { ruleset, packet };
  const fate = runChain(run, chain, 0);
  const isDropped = fate.kind === 'dropped' || (fate.kind === 'through' && chain.policy === 'drop');
  const other = run.mayChange ?? (isDropped ? run.mayPass : run.mayDrop);
  if (other) return { kind: 'unsure', ...other, mayChange: other === run.mayChange };
  if (!isDropped) return { kind: 'accepted' };
  return fate.kind === 'dropped' ? fate : { kind: 'dropped', chain, rule: undefined };
}
