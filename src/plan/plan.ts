import type { DeviceKind } from '../devices/define.js';
import type { PlanFacts } from '../links/define.js';
import { deviceKind, linkKind, nodeKind } from '../topology/kinds.js';
import { hasInside, type Lab, type LabNode, type Port } from '../topology/lab.js';
import { planInside } from './inside.js';
import { impairmentsOf } from './impair.js';
import { keepApart } from './keep-apart.js';
import { programRequirements } from './programs.js';
import type { Resource } from './resources/define.js';
import { isOnMachine } from '../where.js';
import type { Domain, Plan, Requirement } from './step.js';
import { wire, type Wiring } from './wire.js';

/** Everything that would be done to build a lab, as data. The same lab and facts give the same bytes. Pure. */
export function planLab(lab: Lab, facts: PlanFacts, wiring: Wiring = wire(lab, facts)): Plan {
  const made: Resource[] = [];
  const domains: Domain[] = [];
  const needed: Requirement[] = [];
  // What a guest holds needs nothing of this machine.
  const isHere = isOnMachine(lab.here);
  const attachmentAt = ({ ref }: Port) => wiring.attachments.get(ref);
  const cut = new Set(
    lab.links.flatMap(({ isCut, ends }) =>
      isCut === true ? ends.map(({ port }) => port.ref) : [],
    ),
  );
  const impaired = impairmentsOf(lab);
  for (const node of lab.nodes) {
    const { resources: impairments, needs: disciplines } = impaired(node);
    const kind = nodeKind(node.kind);
    const { resources, domain } = kind.plan(node as never, attachmentAt, lab, facts);
    const inside = hasInside(node) ? planInside(lab, node, wiring.graph, facts) : [];
    const own = [...resources, ...inside];
    made.push(...(kind.comesSetUp?.(node as never, own) ?? own));
    for (const port of node.ports)
      if (cut.has(port.ref))
        made.push(...(kind.pulled ? [kind.pulled(node as never, port, lab)] : []));
    made.push(...impairments);
    if (domain) domains.push(domain);
    if (!isHere && !domain) continue;
    needed.push(...kind.requirements(node as never, facts), ...disciplines);
    needed.push(...[deviceRequirements, toolsOf, programRequirements].flatMap((of) => of(node)));
  }
  for (const { link, plan } of wiring.links) {
    made.push(...plan.resources);
    if (isHere) needed.push(...linkKind(link.kind).requirements(link as never, lab));
  }
  const filter = keepApart(lab, made);
  const first = [
    { check: 'root' },
    { check: 'command', arg: 'ip' },
    ...(isHere ? filter.map(() => ({ check: 'nftables' })) : []),
  ];
  return {
    lab: lab.name,
    resources: [...filter, ...made],
    domains,
    requirements: requirementsBeyond([], [...first, ...needed]),
  };
}

/** What this machine must have to make a device of a kind: its kernel, or the programs of a daemon, which has a way without the kernel too. */
export const makingNeeds = ({
  kernelKind,
  daemon,
}: Pick<DeviceKind, 'kernelKind' | 'daemon'>): readonly Requirement[] =>
  daemon
    ? [
        ...daemon.programs.map((arg) => ({ check: 'command', arg })),
        // What it makes in userspace is a tap.
        { check: 'kernel-kind', arg: 'tap' },
      ]
    : [{ check: 'kernel-kind', arg: kernelKind }];

/** What this machine's kernel must have for the devices in a node's stacks, where it is the one that makes them. */
function deviceRequirements({ stacks, devices }: LabNode): readonly Requirement[] {
  if (!stacks[0] || !isOnMachine(stacks[0].where)) return [];
  return devices.flatMap((spec) => {
    const kind = deviceKind(spec.kind);
    return [...makingNeeds(kind), ...(kind.requirements?.(spec as never) ?? [])];
  });
}

/** Programs of this host that the inside of a node is built with; a guest has its own. */
const toolsOf = ({ rulesets, stacks }: LabNode): readonly Requirement[] =>
  rulesets.length > 0 && stacks.some(({ where }) => isOnMachine(where))
    ? [{ check: 'command', arg: 'nft' }]
    : [];

/** Requirements that others do not have already, each once. */
export function requirementsBeyond(
  known: readonly Requirement[],
  requirements: readonly Requirement[],
): readonly Requirement[] {
  const text = ({ check, arg = '' }: Requirement): string => `${check} ${arg}`;
  const met = new Set(known.map(text));
  return requirements.filter((item) => {
    const isNew = !met.has(text(item));
    if (isNew) met.add(text(item));
    return isNew;
  });
}
