import { deviceContext } from '../devices/context.js';
import { filtersOf } from './filters.js';
import { closed } from '../hops/closed.js';
import { hopId, joinFragments, type HopGraph } from '../hops/graph.js';
import type { Hop, HopFragment } from '../hops/types.js';
import { pull } from './pull.js';
import { modelOf, type LabModel } from '../hops/model.js';
import { stacksOf } from '../ip/stack.js';
import { tunnelEnds } from '../ip/tunnel-ends.js';
import { wireguardEnds } from '../ip/wireguard-ends.js';
import { underlayOf } from '../ip/underlay.js';
import type { Attachment, LinkPlan, PlanFacts } from '../links/define.js';
import { once } from '../once.js';
import { withCuts } from '../topology/cut.js';
import { impairmentOf } from '../topology/live.js';
import { deviceKind, linkKind, nodeKind } from '../topology/kinds.js';
import { hasInside, type Lab, type LabLink, type LabNode, type Port } from '../topology/lab.js';

/** A lab with its links planned: what every node gets at its ports, and which device hands frames to which. */
export interface Wiring {
  readonly links: readonly { readonly link: LabLink; readonly plan: LinkPlan }[];
  /** By port reference. */
  readonly attachments: ReadonlyMap<string, Attachment>;
  readonly graph: HopGraph;
  readonly model: LabModel;
}

/** Plan the links and join all hops of the lab into one graph. Pure. */
export function wire(lab: Lab, facts: PlanFacts): Wiring {
  const links = lab.links.map((link) => {
    const plan = linkKind(link.kind).plan(link as never, lab, facts);
    return { link, plan: link.isCut === true ? pull(link, plan) : plan };
  });
  const attachments = new Map<string, Attachment>();
  for (const { link, plan } of links)
    for (const [index, attachment] of plan.attachments.entries()) {
      const end = link.ends[index];
      if (end) attachments.set(end.port.ref, attachment);
    }
  const fragments = [
    ...lab.nodes.flatMap((node) => [portHops(lab, node), ...deviceHops(lab, node, facts)]),
    ...links.map(({ plan }) => plan.hops),
  ];
  const plain = joinFragments(fragments);
  const stacks = once(() => stacksOf(lab, plain));
  const ends = [tunnelEnds(plain, stacks), wireguardEnds(plain, stacks)].flatMap(
    (one) => one ?? [],
  );
  const graph = ends.length > 0 ? joinFragments([...fragments, ...ends]) : plain;
  const underlay = underlayOf(
    stacks,
    ends.flatMap(({ hops }) => hops.map(({ id }) => id)),
  );
  const others = new Map<string, LabModel>();
  const whenCut = (ids: readonly string[]): LabModel => {
    const key = ids.toSorted().join('\0');
    const known = others.get(key) ?? wire(withCuts(lab, ids), facts).model;
    others.set(key, known);
    return known;
  };
  const filters = filtersOf(lab, facts.filters);
  const impairments = impairedHops(lab);
  const model = modelOf(graph, { filters, underlay, impairments }, whenCut);
  return { links, attachments, graph, model };
}

/** Impairments by the ids of the hops. */
const impairedHops = ({ links }: Lab) =>
  new Map(
    links.flatMap(({ ends }) =>
      ends.flatMap((end) => {
        const impairment = impairmentOf(end);
        return impairment ? [[hopId(end.stack.id, end.port.name), impairment] as const] : [];
      }),
    ),
  );

/** The same where one can look inside. */
const openHop = ({ machine }: Pick<Lab, 'machine'>, node: LabNode, port: Port): Hop => ({
  id: hopId(node.name, port.name),
  kind: nodeKind(node.kind).portHop,
  stack: node.name,
  where: node.stacks[0]?.where ?? machine,
  device: port.name,
  label: port.ref,
  settings: { mac: port.mac, ...(port.mtu !== undefined && { mtu: port.mtu }) },
});

/** The hop that a port is, before its node and its link have added to it. */
export const portHop = (lab: Pick<Lab, 'machine'>, node: LabNode, port: Port): Hop => {
  const hop = openHop(lab, node, port);
  return hasInside(node) ? hop : closed(hop);
};

const portHops = (lab: Lab, node: LabNode): HopFragment => ({
  hops: node.ports.map((port) => portHop(lab, node, port)),
  edges: [],
});

function deviceHops(lab: Lab, node: LabNode, facts: PlanFacts): readonly HopFragment[] {
  const context = deviceContext(lab, node, facts);
  const made = node.devices.map((spec) => deviceKind(spec.kind).hops(spec as never, context));
  if (hasInside(node)) return made;
  return made.map(({ hops, ...rest }) => ({ ...rest, hops: hops.map(closed) }));
}
