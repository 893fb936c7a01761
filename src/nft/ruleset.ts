import { z } from 'zod';
import { isHostFilter } from '../plan/host-filter.js';

/** The rules of a network stack as nft(8) lists them: libnftables-json(5). */

const name = z.string();
const chainSchema = z.object({
  family: name,
  table: name,
  name,
  type: name.optional(),
  hook: name.optional(),
  prio: z.number().optional(),
  policy: name.optional(),
  dev: z.union([name, z.array(name)]).optional(),
});
const statement = z.record(z.string(), z.unknown());
const ruleSchema = z.object({
  family: name,
  table: name,
  chain: name,
  handle: z.number(),
  expr: z.array(statement),
});
const setSchema = z.object({
  family: name,
  table: name,
  name,
  flags: z.union([name, z.array(name)]).optional(),
  elem: z.array(z.unknown()).optional(),
});
const listing = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) });

/** A match or a statement of a rule: an object with one key. */
export type Statement = z.output<typeof statement>;

export interface Rule {
  readonly handle: number;
  readonly statements: readonly Statement[];
  /** As a person writes it. */
  readonly text: string;
}

export interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Where it hangs; none for a chain that only others lead to. */
  readonly hook: string | undefined;
  /** `filter`, `nat` or `route`. */
  readonly type: string | undefined;
  readonly priority: number;
  readonly policy: string | undefined;
  /** Devices that it is bound to; none for a chain of the whole stack. */
  readonly devices: readonly string[];
  readonly rules: readonly Rule[];
}

export interface Ruleset {
  readonly chains: readonly Chain[];
  /** Elements of named sets and maps, by family, table and name; those that change by themselves are left out. */
  readonly sets: ReadonlyMap<string, readonly unknown[]>;
}

/** Name of a chain or set among all. */
export const fullName = (family: string, table: string, own: string): string =>
  `${family} ${table} ${own}`;

/** What only the text of `nft -a list ruleset` tells: the devices of chains, and rules in words. */
interface Words {
  readonly devices: ReadonlyMap<string, readonly string[]>;
  readonly rules: ReadonlyMap<string, string>;
}

/** nft 1.0.6 leaves the devices of a chain out of its JSON. */
function readWords(text: string): Words {
  const devices = new Map<string, readonly string[]>();
  const rules = new Map<string, string>();
  let [table, chain] = ['', ''];
  for (const line of text.split('\n').map((one) => one.trim())) {
    table = /^table (\w+ \S+) \{/.exec(line)?.[1] ?? table;
    chain = /^chain (\S+) \{/.exec(line)?.[1] ?? chain;
    const bound = /^type \w+ hook \w+ devices? (?:= )?(\{[^}]*\}|\S+)/.exec(line)?.[1];
    if (bound !== undefined) devices.set(`${table} ${chain}`, bound.match(/[^\s{},"]+/g) ?? []);
    const [, rule, handle] = /^(.*\S) # handle (\d+)$/.exec(line) ?? [];
    if (rule !== undefined && !rule.endsWith('{')) rules.set(`${table} ${handle}`, rule);
  }
  return { devices, rules };
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] | undefined =>
  typeof value === 'string' ? [value] : value;

/** Do the elements of a set come and go while packets pass? */
const isFleeting = (flags: string | readonly string[] | undefined): boolean =>
  listOf(flags)?.some((flag) => ['dynamic', 'timeout'].includes(flag)) ?? false;

/**
 * Read the rules of a stack. What has another shape than libnftables-json(5) gives it is left out; a rule whose
 * statements cannot be read stays as one that nobody understands.
 * @param json - what `nft -j list ruleset` says
 * @param text - what `nft -a list ruleset` says
 */
export function parseRuleset(json: string, text: string): Ruleset {
  const objects = objectsIn(json);
  const words = readWords(text);
  const rules = objects.flatMap(({ rule }) => {
    const read = ruleSchema.safeParse(rule);
    if (read.success) return [read.data];
    const unread = ruleSchema.omit({ expr: true }).safeParse(rule);
    return unread.success ? [{ ...unread.data, expr: [{ unread: null }] }] : [];
  });
  const chains = objects.flatMap(({ chain }): Chain[] => {
    const read = chainSchema.safeParse(chain);
    // Those that keep labs off the host drop nothing of a lab's own.
    if (!read.success || isHostFilter(read.data.table)) return [];
    const { family, table, name: own, hook, type, prio = 0, policy, dev } = read.data;
    const id = fullName(family, table, own);
    return [
      {
        ...{ family, table, name: own, hook, type, priority: prio, policy },
        devices: listOf(dev) ?? words.devices.get(id) ?? [],
        rules: rules.flatMap((rule) =>
          fullName(rule.family, rule.table, rule.chain) === id
            ? [
                {
                  handle: rule.handle,
                  statements: rule.expr,
                  text:
                    words.rules.get(fullName(family, table, String(rule.handle))) ??
                    `handle ${rule.handle}`,
                },
              ]
            : [],
        ),
      },
    ];
  });
  const sets = objects.flatMap(({ set, map }) => {
    const read = setSchema.safeParse(set ?? map);
    if (!read.success || isFleeting(read.data.flags)) return [];
    const { family, table, name: own, elem = [] } = read.data;
    return [[fullName(family, table, own), elem] as const];
  });
  return { chains, sets: new Map(sets) };
}

function objectsIn(json: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const read = listing.safeParse(JSON.parse(json));
    return read.success ? read.data.nftables : [];
  } catch {
    return [];
  }
}
