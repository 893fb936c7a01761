import { hopId, pathBetween, type HopGraph } from '../../hops/graph.js';
import type { Hop } from '../../hops/types.js';
import { linkKind, nodeKind } from '../../topology/kinds.js';
import { THIS_HOST, type Address, type LabLink } from '../../topology/lab.js';
import { lossesOf } from '../losses.js';
import type { Report } from '../result.js';
import { edgeKey, edgesOf, orientedEdges, wireStates, worst, type WireState } from './wires.js';

/** What a drawing of a lab shows, before anything has a place: boxes in boxes, ports on them, wires between. */

/** A network device: a port on the edge of its box, or a small box inside it. */
export interface SceneHop {
  readonly hop: Hop;
  readonly port: boolean;
  /** Name in the drawing, and a smaller line below it. */
  readonly name: string;
  readonly detail: string;
  /** Numbers of the lost frames that died here. */
  readonly deaths: readonly { readonly number: number; readonly intended: boolean }[];
}

/** A node, a namespace inside it, or the host's part of a link. */
export interface SceneBox {
  readonly id: string;
  readonly title: string;
  /** Smaller lines below the title. */
  readonly details: readonly string[];
  readonly link: boolean;
  /** Of a link: the verdict on its cables. */
  readonly state: WireState;
  readonly hops: readonly SceneHop[];
  readonly boxes: readonly SceneBox[];
}

export interface SceneWire {
  readonly from: string;
  readonly to: string;
  readonly state: WireState;
  /** Said at the wire of a link that has no devices of its own. */
  readonly label: string | undefined;
}

export interface Scene {
  readonly title: string;
  readonly boxes: readonly SceneBox[];
  readonly wires: readonly SceneWire[];
}

type Drawn = Pick<Report, 'lab' | 'graph' | 'cases'>;

/** Arrange a lab, with what verdicts say of it where there are any. Pure. */
export function sceneOf({ lab, graph, cases }: Drawn): Scene {
  // Without any check there is nothing to say of a wire.
  const unknown = cases.length === 0 ? 'plain' : 'none';
  const states = wireStates(cases);
  const deaths = deathsIn({ cases, graph });
  const toHop = (hop: Hop): SceneHop => ({
    hop,
    port: isPort(hop, graph),
    ...namesOf(hop),
    deaths: deaths.get(hop.id) ?? [],
  });
  const hopsIn = (stack: string): readonly SceneHop[] => (graph.stacks.get(stack) ?? []).map(toHop);
  const box = { link: false, state: 'none' } as const;
  const nodes = lab.nodes.map(({ name, kind, stacks, addresses }): SceneBox => ({
    ...box,
    id: name,
    title: name,
    details: [nodeKind(kind).title, ...addressesIn(name, addresses)],
    hops: hopsIn(name),
    boxes: stacks
      .filter(({ namespace }) => namespace !== undefined)
      .map(({ id, namespace }): SceneBox => ({
        ...box,
        id,
        title: namespace ?? id,
        details: addressesIn(id, addresses),
        hops: hopsIn(id),
        boxes: [],
      })),
  }));
  const links = lab.links.map((link): SceneBox & { wires: readonly string[] } => {
    const paths = cablesOf(link, graph);
    const inside = onHost(paths.flat(), graph);
    const wires = paths.flatMap(edgesOf);
    return {
      id: `link ${link.id}`,
      title: link.id,
      details: [detailOf(link)],
      link: true,
      state: worst(wires.map((wire) => states.get(wire) ?? unknown)),
      hops: inside.map(toHop),
      boxes: [],
      wires,
    };
  });
  const bare = new Map(
    links.flatMap((link) => (link.hops.length === 0 ? link.wires.map((wire) => [wire, link]) : [])),
  );
  return {
    title: lab.title ?? lab.name,
    boxes: [...nodes, ...links.filter(({ hops }) => hops.length > 0)],
    wires: orientedEdges(graph).map(([from, to]) => {
      const key = edgeKey(from, to);
      const link = bare.get(key);
      return {
        from,
        to,
        state: states.get(key) ?? unknown,
        label: link && `${link.title}: ${link.details.join()}`,
      };
    }),
  };
}

/** A device that hands frames to something outside of its stack sits on the edge of the box, as a port. */
function isPort({ id, stack }: Hop, graph: HopGraph): boolean {
  if (stack === THIS_HOST) return false;
  const around = (graph.neighbours.get(id) ?? []).map((next) => graph.hops.get(next)?.stack ?? '');
  return around.some((other) => other !== stack && !other.startsWith(`${stack}/`));
}

/** A device of a node has a name of its own; one of the host is known by what it is and, below, for whom. */
function namesOf({ stack, device, kind, label }: Hop): Pick<SceneHop, 'name' | 'detail'> {
  if (stack !== THIS_HOST) return { name: device, detail: kind };
  const [whose = '', what] = label.split(/ (?=\S+$)/);
  return { name: what ?? label, detail: what === undefined ? device : whose };
}

const addressesIn = (stack: string, addresses: readonly Address[]): readonly string[] =>
  addresses
    .filter((address) => address.stack === stack)
    .map(({ device, ip, prefix }) => `${device} ${ip}/${prefix}`);

/** The hops of each cable of a link, from port to port. */
const cablesOf = (link: LabLink, graph: HopGraph): readonly (readonly Hop[])[] =>
  link.cables.flatMap((cable) => {
    const [from, to] = cable.map((index) => link.ends[index]);
    if (!from || !to) return [];
    const [a, b] = [from, to].map(({ stack, port }) => hopId(stack.id, port.name));
    return [pathBetween(graph, a ?? '', b ?? '') ?? []];
  });

/** The devices of the host on the way of a link, and those that hang on them. */
function onHost(path: readonly Hop[], graph: HopGraph): readonly Hop[] {
  const inside = new Set(path.filter(({ stack }) => stack === THIS_HOST));
  // A set hands out what is added to it on the way.
  for (const { id } of inside)
    for (const next of graph.neighbours.get(id) ?? []) {
      const hop = graph.hops.get(next);
      if (hop?.stack === THIS_HOST) inside.add(hop);
    }
  return [...inside];
}

/** What a link is, with what its file says of it: modes, flags that are on, masks. */
function detailOf({ kind, spec }: LabLink): string {
  const settings = Object.entries(spec as Readonly<Record<string, unknown>>).flatMap(
    ([key, value]): string[] => {
      if (key === 'kind' || key === 'name') return [];
      if (value === true) return [key];
      if (typeof value === 'string') return [`${key} ${value}`];
      if (typeof value !== 'number') return [];
      return [`${key} ${key.endsWith('mask') ? `0x${value.toString(16)}` : value}`];
    },
  );
  return [linkKind(kind).title, ...settings].join(', ');
}

/** The lost frames that died at each hop, by its id. */
function deathsIn(
  report: Pick<Report, 'cases' | 'graph'>,
): ReadonlyMap<string, SceneHop['deaths']> {
  const deaths = new Map<string, SceneHop['deaths']>();
  for (const { number, intended, blame, cases: same } of lossesOf(report)) {
    const hop = same[0]?.check?.hops.find(({ label }) => label === blame.at);
    if (hop) deaths.set(hop.id, [...(deaths.get(hop.id) ?? []), { number, intended }]);
  }
  return deaths;
}
