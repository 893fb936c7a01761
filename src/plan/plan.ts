import type { PlanFacts } from '../links/define.js';
import { deviceKind, linkKind, nodeKind } from '../topology/kinds.js';
import { hasInside, type Lab, type LabNode } from '../topology/lab.js';
import { planInside } from './inside.js';
import { keepApart } from './keep-apart.js';
import { LOCAL, type Domain, type Plan, type Requirement } from './step.js';
import { wire, type Wiring } from './wire.js';

/** Everything that would be done to build a lab, as data. The same lab and facts give the same bytes. Pure. */
export function planLab(lab: Lab, facts: PlanFacts, wiring: Wiring = wire(lab, facts)): Plan {
  const nodes = lab.nodes.map((node) => {
    const attachments = node.ports.flatMap((port) => wiring.attachments.get(port.ref) ?? []);
    const kind = nodeKind(node.kind);
    const plan = kind.plan(node as never, attachments, lab, facts);
    return {
      resources: [
        ...plan.resources,
        ...(hasInside(node) ? planInside(lab, node, wiring.graph) : []),
      ],
      domain: plan.domain,
      requirements: [
        ...kind.requirements(node as never, facts),
        ...deviceRequirements(node),
        ...toolsOf(node),
      ],
    };
  });
  const made = [
    ...nodes.flatMap((node) => node.resources),
    ...wiring.links.flatMap(({ plan }) => plan.resources),
  ];
  const filter = keepApart(lab, made);
  return {
    lab: lab.name,
    resources: [...filter, ...made],
    domains: nodes.flatMap(({ domain }): readonly Domain[] => (domain ? [domain] : [])),
    requirements: requirementsBeyond(
      [],
      [
        { check: 'root' },
        { check: 'command', arg: 'ip' },
        ...filter.map(() => ({ check: 'nftables' })),
        ...nodes.flatMap((node) => node.requirements),
        ...lab.links.flatMap((link) => linkKind(link.kind).requirements(link as never, lab)),
      ],
    ),
  };
}

/** What this machine's kernel must have for the devices in a node's stacks, where it is the one that makes them. */
function deviceRequirements({ stacks, devices }: LabNode): readonly Requirement[] {
  if (stacks[0]?.where.host !== LOCAL.host) return [];
  return devices.flatMap((spec) => {
    const kind = deviceKind(spec.kind);
    return [
      { check: 'kernel-kind', arg: kind.kernelKind },
      ...(kind.requirements?.(spec as never) ?? []),
    ];
  });
}

/** Programs of this host that the inside of a node is built with; a guest has its own. */
const toolsOf = ({ rulesets, stacks }: LabNode): readonly Requirement[] =>
  rulesets.length > 0 && stacks.some(({ where }) => where.host === LOCAL.host)
    ? [{ check: 'command', arg: 'nft' }]
    : [];

/** Requirements that others do not have already, each once. */
export function requirementsBeyond(
  known: readonly Requirement[],
  requirements: readonly Requirement[],
): readonly Requirement[] {
  const text = ({ check, arg = '' }: Requirement): string => `${check} ${arg}`;
  const met = new Set(known.map(text));
  const byText = new Map(requirements.map((item) => [text(item), item]));
  return [...byText].flatMap(([key, item]) => (met.has(key) ? [] : [item]));
}
