import { hopId } from '../hops/graph.js';
import type { Hop } from '../hops/types.js';
import { waysFrom, waysOver } from '../hops/ways.js';
import type { Leg } from '../probes/define.js';
import type { PreparedCheck } from '../probes/prepare.js';
import type { Lab, LabLink } from '../topology/lab.js';
import type { Wiring } from './wire.js';

/** Two devices of a lab that a path joins, in one direction. */
export interface Pair {
  readonly path: readonly Hop[];
  /** The link whose cable it is; a way over several links and bridges has none. */
  readonly link: LabLink | undefined;
}

/** Which pairs are asked about. A place is `sw1:eth1`, `sw1` or `sw1/c1`. */
export interface PairFilter {
  readonly all?: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The way of each cable over its own link, from its first port to its second. */
export function cablePairs(wiring: Wiring): readonly Pair[] {
  const { hops } = wiring.graph;
  const hopOf = (id: string): Hop => hops.get(id) ?? missing(id);
  return wiring.links.flatMap(({ link, plan }) => {
    const ends = link.ends.map(({ stack, port }) => hopOf(hopId(stack.id, port.name)));
    const way = waysOver(plan.hops, ends);
    return link.cables.flatMap(([a, b]): Pair[] => {
      const path = way(a, b);
      return path ? [{ path: path.map(({ id }) => hopOf(id)), link }] : [];
    });
  });
}

/** The devices that a leg joins at layer 2. */
function pairOf({ path }: Leg, { graph }: Wiring): readonly Pair[] {
  const devices = path.filter(({ id }) => graph.hops.has(id));
  return devices.length < 2 || devices.length < path.length - 1
    ? []
    : [{ path: devices, link: undefined }];
}

/** Each pair in both directions, each direction once. */
function bothWays(pairs: readonly Pair[]): readonly Pair[] {
  const byEnds = new Map<string, Pair>();
  for (const { path, link } of pairs) {
    for (const way of [path, path.toReversed()]) {
      const key = `${way.at(0)?.id ?? ''}\0${way.at(-1)?.id ?? ''}`;
      if (!byEnds.has(key)) byEnds.set(key, { path: way, link });
    }
  }
  return [...byEnds.values()];
}

/**
 * Each cable and each check of the lab, both ways; with a filter every pair of places that hear each other at
 * layer 2, as far as the filter lets them: with `all` they are quadratic in the number of ports. Pure.
 */
export function pairsOf(
  lab: Lab,
  wiring: Wiring,
  checks: readonly PreparedCheck[],
  filter: PairFilter = {},
): readonly Pair[] {
  const cables = cablePairs(wiring);
  const near = bothWays([
    ...cables,
    ...checks.flatMap(({ legs }) => legs.flatMap((leg) => pairOf(leg, wiring))),
  ]);
  const { all = false, from, to } = filter;
  if (!all && from === undefined && to === undefined) return near;
  const pairs = bothWays([...cables, ...farPairs(lab, wiring, filter)]);
  return pairs.filter(({ path }) => isAt(path.at(0), from) && isAt(path.at(-1), to));
}

/** Is a device the place, or at it? */
const isAt = (hop: Hop | undefined, place: string | undefined): boolean =>
  place === undefined || hop?.stack === place || `${hop?.stack}:${hop?.device}` === place;

function farPairs(lab: Lab, { graph }: Wiring, { from, to }: PairFilter): readonly Pair[] {
  const ports = new Set(
    lab.links.flatMap(({ ends }) => ends.map(({ stack, port }) => hopId(stack.id, port.name))),
  );
  const places = [...endpointIds(lab, ports, graph)].flatMap((id) => graph.hops.get(id) ?? []);
  // Ways are the same in both directions: begin where fewer are asked for.
  const [root, other] = from === undefined ? [to, from] : [from, to];
  return places
    .filter((place) => isAt(place, root))
    .flatMap((place) => {
      const way = waysFrom(graph, place, (id) => ports.has(id));
      return places
        .filter((end) => end.stack !== place.stack && isAt(end, other))
        .flatMap((end): Pair[] => {
          const path = way(end);
          return path ? [{ path, link: undefined }] : [];
        });
    });
}

/** Where frames begin and end: the ports of links, all devices of inner namespaces, and whatever has an address. */
function endpointIds(
  lab: Lab,
  ports: ReadonlySet<string>,
  { stacks }: Wiring['graph'],
): ReadonlySet<string> {
  const inner = lab.nodes.flatMap((node) =>
    node.stacks.filter(({ namespace }) => namespace !== undefined),
  );
  return new Set([
    ...ports,
    ...inner.flatMap(({ id }) => (stacks.get(id) ?? []).map((hop) => hop.id)),
    ...lab.nodes.flatMap((node) => node.addresses.map(({ stack, device }) => hopId(stack, device))),
  ]);
}

function missing(id: string): never {
  throw new RangeError(`a link ends at ${id}, which is no hop`);
}
