import type { HopGraph } from '../hops/graph.js';
import { rulesOf } from '../hops/kinds/index.js';
import { NO_MAC } from '../frames/mac.js';
import type { Hop } from '../hops/types.js';
import { groupBy } from '../group-by.js';
import { hasInside, type LabNode, type Stack } from '../topology/lab.js';
import type { Path, Problem } from '../topology/problem.js';
import { didYouMean } from '../topology/suggest.js';
import type { Endpoint } from './define.js';

/** The devices that a reference can stand for: the one it names, or all of the stack. */
export type FindEnds = (ref: string, path: Path) => Endpoint[] | Problem;

/**
 * Every reference is looked up once, and so are the devices of every stack.
 * @param isInside - something is to run there, so that a guest without an agent is none
 */
export function endFinder(nodes: readonly LabNode[], graph: HopGraph, isInside: boolean): FindEnds {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const found = new Map<string, Endpoint[]>();
  const stacks = new Map<string, Endpoint[]>();
  return (ref, path) => {
    const known = found.get(ref);
    if (known) return known;
    const [stackName = '', device] = ref.split(':');
    const node = byName.get(stackName.split('/')[0] ?? '');
    const stack = node?.stacks.find(({ id }) => id === stackName);
    if (!node || !stack) throw new RangeError(`${ref} was not resolved`);
    if (isInside && !hasInside(node)) {
      return {
        code: 'topology/no-agent',
        path,
        what: `Nothing can be sent or received inside ${node.name}: it has no agent.`,
      };
    }
    const all = stacks.get(stackName) ?? endpointsOf(node, stack, graph);
    if (!stacks.has(stackName))
      for (const one of all) found.set(`${stackName}:${one.device}`, [one]);
    stacks.set(stackName, all);
    const chosen = device === undefined ? all : found.get(ref);
    if (chosen && chosen.length > 0) return chosen;
    return {
      code: 'topology/unknown-device',
      path,
      what: `${stack.id} has no port or device${device === undefined ? '' : ` \`${device}\``}.`,
      fix: () =>
        didYouMean(
          device ?? '',
          all.map((one) => one.device),
        ),
    };
  };
}

/** Devices whose addresses a VRF has. */
const membersOf = (hop: Hop): readonly string[] => rulesOf(hop.kind).vrf?.(hop).members ?? [];

function endpointsOf(node: LabNode, stack: Stack, graph: HopGraph): Endpoint[] {
  const hops = graph.stacks.get(stack.id) ?? [];
  const stackMacs = hops.flatMap(({ settings }) => settings.mac ?? []);
  const own = node.addresses.filter((address) => address.stack === stack.id);
  const addresses = groupBy(own, ({ device }) => device);
  return hops.map((hop) => ({
    stack,
    device: hop.device,
    mac: hop.settings.mac ?? NO_MAC,
    stackMacs,
    hop,
    addresses: [hop.device, ...membersOf(hop)].flatMap((device) => addresses.get(device) ?? []),
  }));
}
