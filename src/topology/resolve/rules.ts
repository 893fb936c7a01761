import { canonicalIp, familyOf, hostPrefix, splitCidr } from '../address.js';
import type { PolicyRule } from '../lab.js';
import { under, type Path, type Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { BUILT_IN_RULES, VRF_PRIORITY } from '../tables.js';
import { localName, type RouteContext } from './routes.js';

type Spec = NodeSpec['rules'][number];

/** Rules of routing, each with its priority; what the kernel would refuse is reported. */
export function resolveRules(specs: readonly Spec[], around: RouteContext): readonly PolicyRule[] {
  const made: PolicyRule[] = [];
  for (const [index, spec] of specs.entries()) {
    const path: Path = ['rules', index];
    const at = (key: keyof Spec): Path => [...path, key];
    const { namespace, iif, oif } = spec;
    const found = around.find(localName(namespace), at('namespace'));
    if (!found) continue;
    for (const [key, device] of Object.entries({ iif, oif } as const))
      if (device !== undefined) around.find(localName(namespace, device), [...path, key]);
    const hasVrf = around.vrfs.some(({ stack }) => stack === found[0].id);
    const rule = ruleOf(spec, found[0].id, made, hasVrf);
    const isThere = made.some((one) => isTakenFor(one, rule));
    around.report(
      ...[...familyProblems(spec, rule), ...(isThere ? [twice(rule)] : [])].map((problem) =>
        under([...around.base, ...path], problem),
      ),
    );
    made.push(rule);
  }
  return made;
}

function ruleOf(
  spec: Spec,
  stack: string,
  made: readonly PolicyRule[],
  hasVrf: boolean,
): PolicyRule {
  const { from, to, iif, oif, table } = spec;
  const family = spec.family ?? familyOf(from ?? to ?? '');
  const others = made.filter((one) => one.stack === stack && one.family === family);
  return {
    ...{ stack, family, from: from && prefix(from), to: to && prefix(to), iif, oif, table },
    priority: spec.priority ?? usualPriority(family, others, hasVrf),
  };
}

/** A prefix in one form, nothing for all addresses; an address alone is one of its whole length. */
function prefix(text: string): string | undefined {
  if (!text.includes('/')) return hostPrefix(canonicalIp(text));
  const { ip, prefix: length } = splitCidr(text);
  return length === 0 ? undefined : `${ip}/${length}`;
}

/** One below the second there is: the first, at 0, looks into `local`. (net/core/fib_rules.c, fib_default_rule_pref) */
function usualPriority(family: 4 | 6, others: readonly PolicyRule[], hasVrf: boolean): number {
  const priorities = [...BUILT_IN_RULES[family], ...others].map(({ priority }) => priority);
  if (hasVrf) priorities.push(VRF_PRIORITY);
  const [, second = 0] = priorities.toSorted((a, b) => a - b);
  return Math.max(second - 1, 0);
}

/** A rule is for packets of one IP version. */
const familyProblems = (spec: Spec, { family }: PolicyRule): readonly Problem[] =>
  (['from', 'to'] as const).flatMap((key) =>
    spec[key] === undefined || familyOf(spec[key]) === family
      ? []
      : [
          {
            code: 'topology/wrong-value',
            path: [key],
            what: `${spec[key]} is no address of IPv${family}, which the rule is for.`,
            fix: 'write addresses of one IP version, and a rule for each',
          },
        ],
  );

/** Does the kernel take a rule for one that is there? It compares only the prefixes that the new one has. (net/ipv4/fib_rules.c, fib4_rule_compare) */
const isTakenFor = (there: PolicyRule, rule: PolicyRule): boolean =>
  (['stack', 'family', 'iif', 'oif', 'priority', 'table'] as const).every(
    (key) => there[key] === rule[key],
  ) && (['from', 'to'] as const).every((key) => [undefined, there[key]].includes(rule[key]));

const twice = ({ stack, priority }: PolicyRule): Problem => ({
  code: 'topology/duplicate-route',
  path: [],
  what: `${stack} has such a rule at ${priority} already, so the kernel refuses this one.`,
  why: 'of two at one place the kernel compares only the prefixes that the second one has',
  fix: 'remove it, or give it another `priority:`',
});
