import ipaddr from 'ipaddr.js';
import { isRecord } from '../is-record.js';
import { canonicalIp, familyOf, sameSubnet, type Cidr } from '../topology/address.js';
import { fieldOf, isOfOnePart, type Field, type Packet } from './fields.js';
import { fullName, type Chain, type Ruleset } from './ruleset.js';

/** Does it hold? `undefined`: nobody knows. */
export type Truth = boolean | undefined;

/** Where an expression stands, for the sets that it may name. */
export interface MatchContext {
  readonly ruleset: Ruleset;
  readonly chain: Chain;
  readonly packet: Packet;
}

/** All hold; one that does not is enough to know. */
export const every = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;

/** One of them holds. */
const some = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

/** The same for all that a field may be. */
const unanimous = (truths: readonly Truth[]): Truth =>
  truths.every((truth) => truth === truths[0]) ? truths[0] : undefined;

/** What a comparison of numbers gives. */
const ORDERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/** A packet that was cut matches what only its first part has with that part alone. */
export const ofAllParts = (truth: Truth, left: unknown, { packet }: MatchContext): Truth =>
  truth === true && isOfOnePart(left, packet) ? undefined : truth;

/** Does a match of a rule hold for a packet? libnftables-json(5), MATCH */
export const matches = (match: unknown, around: MatchContext): Truth =>
  isRecord(match) ? ofAllParts(holds(match, around), match['left'], around) : undefined;

function holds(match: Readonly<Record<string, unknown>>, around: MatchContext): Truth {
  const { op, left, right } = match;
  if (isMissing(left, around.packet)) return false;
  if (op === '==' || op === 'in') return equals(left, right, around);
  if (op === '!=' || op === '!') return not(equals(left, right, around));
  const order = typeof op === 'string' ? ORDERS[op] : undefined;
  const field = fieldOf(left, around.packet);
  if (!order || !field) return undefined;
  return unanimous(
    field.values.map((value) => {
      const limit = numberOf(right, field);
      return typeof value === 'number' && limit !== undefined ? order(value, limit) : undefined;
    }),
  );
}

/** A packet without such a field ends a rule, whatever it is compared with: nft_payload.c, NFT_BREAK. */
const isMissing = (left: unknown, packet: Packet): boolean =>
  isRecord(left) && Array.isArray(left['concat'])
    ? left['concat'].some((part) => isMissing(part, packet))
    : fieldOf(left, packet)?.values.length === 0;

/** Is what an expression reads the same as a value, or among the values of a set? */
export function equals(left: unknown, right: unknown, around: MatchContext): Truth {
  const elements = elementsOf(right, around);
  if (elements === 'unknown') return undefined;
  if (elements) return some(elements.map((element) => equals(left, element, around)));
  const wanted = isRecord(right) && isRecord(right['elem']) ? right['elem']['val'] : right;
  if (wanted !== right) return equals(left, wanted, around);
  if (isRecord(left) && Array.isArray(left['concat'])) {
    const parts = isRecord(right) ? right['concat'] : undefined;
    if (!Array.isArray(parts) || parts.length !== left['concat'].length) return undefined;
    return every(left['concat'].map((part, index) => equals(part, parts[index], around)));
  }
  const field = fieldOf(left, around.packet);
  if (!field) return undefined;
  return unanimous(field.values.map((value) => isSame(value, right, field)));
}

/** The elements of a set, written there or named; nothing for a single value. */
function elementsOf(
  right: unknown,
  { ruleset, chain }: MatchContext,
): readonly unknown[] | 'unknown' | undefined {
  if (Array.isArray(right)) return right as readonly unknown[];
  if (isRecord(right) && Array.isArray(right['set'])) return right['set'] as readonly unknown[];
  if (typeof right !== 'string' || !right.startsWith('@')) return undefined;
  return ruleset.sets.get(fullName(chain.family, chain.table, right.slice(1))) ?? 'unknown';
}

function isSame(value: string | number, right: unknown, field: Field): Truth {
  if (isRecord(right)) return isWithin(value, right, field);
  if (field.isAddress) return typeof right === 'string' ? sameAddress(value, right) : undefined;
  if (typeof value === 'number') {
    const wanted = numberOf(right, field);
    return wanted === undefined ? undefined : value === wanted;
  }
  if (typeof right !== 'string') return undefined;
  return right.endsWith('*') && !right.endsWith('\\*')
    ? value.startsWith(right.slice(0, -1))
    : value.toLowerCase() === right.toLowerCase();
}

/** The number that a value is, by its name or by itself. */
function numberOf(right: unknown, { symbols }: Field): number | undefined {
  if (typeof right === 'number') return right;
  if (typeof right !== 'string') return undefined;
  const number = symbols?.[right] ?? Number(right);
  return Number.isNaN(number) ? undefined : number;
}

/** Is an address in a prefix, or a value in a range? */
function isWithin(
  value: string | number,
  { prefix, range }: Readonly<Record<string, unknown>>,
  field: Field,
): Truth {
  if (isRecord(prefix)) {
    const cidr = cidrOf(prefix['addr'], Number(prefix['len']));
    const own = field.isAddress ? cidrOf(value, cidr?.prefix ?? 0) : undefined;
    return cidr && own ? sameSubnet(own, cidr) : undefined;
  }
  if (!Array.isArray(range)) return undefined;
  if (!field.isAddress) {
    const [from, to] = range.map((end) => numberOf(end, field));
    if (typeof value !== 'number' || from === undefined || to === undefined) return undefined;
    return value >= from && value <= to;
  }
  const [from, own, to] = [range[0], value, range[1]].map(octetsOf);
  if (!from || !own || !to || from.length !== own.length || to.length !== own.length)
    return undefined;
  return Buffer.compare(from, own) <= 0 && Buffer.compare(own, to) <= 0;
}

const isIp = (value: unknown): value is string =>
  typeof value === 'string' && ipaddr.isValid(value);

const sameAddress = (value: string | number, right: string): Truth =>
  isIp(value) && isIp(right) ? canonicalIp(value) === canonicalIp(right) : undefined;

const octetsOf = (value: unknown): Buffer | undefined =>
  isIp(value) ? Buffer.from(ipaddr.parse(value).toByteArray()) : undefined;

const cidrOf = (value: unknown, prefix: number): Cidr | undefined =>
  isIp(value) ? { ip: value, prefix, family: familyOf(value) } : undefined;
