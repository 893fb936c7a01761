import { tag } from '../plan/names.js';
import { insideOf, LOCAL, type Where } from '../where.js';
import { writtenLink } from './kinds.js';
import { defaultChecks, resolveChecks } from './resolve/checks.js';
import { heldProblems, holderSpec } from './resolve/held.js';
import { resolveLinks } from './resolve/links.js';
import { resolveSteps } from './resolve/steps.js';
import { resolveNode } from './resolve/nodes.js';
import { peerProblems } from './resolve/peers.js';
import { deepFreeze } from './freeze.js';
import { THIS_HOST, type Lab } from './lab.js';
import type { Problem } from './problem.js';
import type { Topology } from './schema.js';
import { closest } from './suggest.js';

export interface Resolved {
  readonly lab: Lab;
  /** All that makes no sense; the lab is worth nothing unless this is empty. */
  readonly problems: readonly Problem[];
}

/** How a topology is made a lab. */
export interface ResolveOptions {
  /** A guest holds all of it; without it this machine does. */
  readonly inGuest?: boolean | undefined;
  /** It is built in namespaces of a user who is not root. */
  readonly rootless?: boolean | undefined;
  /** What runs its guests; the machine that patchlab runs on when left out. */
  readonly machine?: Where | undefined;
}

/** Fill in every default, name, MAC and address, and find all that does not fit together. Pure. */
export function resolveTopology(
  topology: Topology,
  { inGuest = false, rootless = false, machine = LOCAL }: ResolveOptions = {},
): Resolved {
  const problems: Problem[] = [];
  const report = (...found: readonly Problem[]): void => void problems.push(...found);
  const portsInUse = portsByNode(topology);
  const mistyped = mistypedEnds(topology, portsInUse);
  const here = inGuest ? insideOf(machine, THIS_HOST) : machine;
  const holder = inGuest ? [[THIS_HOST, holderSpec()] as const] : [];
  const nodes = [...holder, ...Object.entries(topology.nodes)].map(([name, spec]) => {
    const ports = { inUse: portsInUse.get(name) ?? [], mistyped: mistyped(name) };
    return resolveNode({ name: topology.name, here, machine }, name, spec, ports, report);
  });
  report(...peerProblems(nodes));
  const { name, title, allow_loops: allowLoops } = topology;
  const bare: Lab = {
    ...{ name, title, allowLoops, id: tag(10, name), here, machine },
    ...{ nodes, links: [], checks: [], steps: [] },
  };
  const lab: Lab = { ...bare, links: resolveLinks(topology, bare, report) };
  if (inGuest) report(...heldProblems(lab, 'notInGuest'));
  if (rootless) report(...heldProblems(lab, 'notRootless'));
  const checks = topology.verify
    ? resolveChecks(topology.verify, nodes, report)
    : defaultChecks(lab);
  const steps = resolveSteps(topology.verify ?? [], lab.links, report);
  return { lab: deepFreeze({ ...lab, checks, steps }), problems };
}

/** Names of the ports at which links end, by node. */
function portsByNode(topology: Topology): Map<string, string[]> {
  const ports = new Map<string, string[]>();
  for (const { ref } of topology.links.flatMap((spec) => [...endsOf(spec)])) {
    const [node = '', port = ''] = ref.split(':');
    const known = ports.get(node);
    if (known) known.push(port);
    else ports.set(node, [port]);
  }
  return ports;
}

/** Nodes that are not there and may be meant for one that is, at most. */
const STRAYS = 50;

/** Ports at which a link ends whose node is mistyped: which of them may be meant for a node? */
function mistypedEnds(
  topology: Topology,
  ports: ReadonlyMap<string, readonly string[]>,
): (node: string) => (port: string) => boolean {
  const strays = [...ports].filter(([node]) => !Object.hasOwn(topology.nodes, node));
  return (node) => (port) =>
    strays
      .slice(0, STRAYS)
      .some(
        ([name, its]) =>
          its.includes(port) && (closest(name, [node]) ?? closest(node, [name])) !== undefined,
      );
}

const endsOf = (spec: Topology['links'][number]) => writtenLink(spec.kind).ends(spec as never);
