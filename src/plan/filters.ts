import type { Filtering, Filters } from '../hops/filtering.js';
import type { Sight } from '../hops/sight.js';
import type { FileFilter, FileFilters } from '../nft/file-filter.js';
import type { Lab, LabNode } from '../topology/lab.js';
import { isOnMachine } from '../where.js';

/** What br_netfilter does where nobody has set anything: Linux net/bridge/br_netfilter_hooks.c, br_netfilter_sysctl_default. */
const LOADED: ReadonlyMap<string, string> = new Map(
  ['iptables', 'ip6tables'].map((name) => [`net.bridge.bridge-nf-call-${name}`, '1']),
);

/** A table of which nothing is said is one of IPv4: nft(8). */
const WITHOUT_FAMILY = /\btable\s+(?!(?:ip|ip6|inet|arp|bridge|netdev)\b)/;

/** Can rules that nobody could read see anything at a place? Only where they name its hook and its family. */
function mayConcern(text: string, { families, packet: { hook } }: Sight): boolean {
  const names = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);
  const isNamed = families.some(
    (family) => names(family) || (family === 'ip' && WITHOUT_FAMILY.test(text)),
  );
  return names('include') || (names(hook) && isNamed);
}

function filteringOf(
  { sysctls, stacks }: LabNode,
  id: string,
  { text, ruleset, unknown, bridgeSettings }: FileFilter,
): Filtering {
  const own = sysctls.filter(({ stack }) => stack === id);
  const isHere = stacks.some((stack) => stack.id === id && isOnMachine(stack.where));
  // In a guest the module is there where the file has set something of it.
  const isSet = own.some(({ key }) => key.startsWith('net.bridge.'));
  const plain = isHere ? bridgeSettings : isSet ? LOADED : undefined;
  return {
    ruleset,
    isOn: (name) =>
      (own.findLast(({ key }) => key === name)?.value ?? plain?.get(name) ?? '0') !== '0',
    hasOption: () => false,
    ...(unknown !== undefined && { unknown, concerns: (sight) => mayConcern(text, sight) }),
  };
}

/** The packet filters of a file for the model. Pure. */
export function filtersOf({ nodes }: Lab, written: FileFilters | undefined): Filters {
  if (!written || written.size === 0) return new Map();
  return new Map(
    nodes.flatMap((node) =>
      node.rulesets.flatMap(({ stack }) => {
        const filter = written.get(stack);
        return filter ? [[stack, filteringOf(node, stack, filter)] as const] : [];
      }),
    ),
  );
}
