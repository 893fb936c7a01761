import { frameOf } from '../frames/make.js';
import { hasCarrier } from './carrier.js';
import { emit, type Model } from './emit.js';
import type { HopGraph } from './graph.js';
import { rulesOf } from './kinds/index.js';
import type { BridgeInTree, PortRole, SpanningTree } from './port-roles.js';
import { type Listening, withGuards } from './guards.js';
import type { TreeBridge, TreePort } from './tree.js';
import type { Hop } from './types.js';
import { NEW_WORLD } from './world.js';

/** Spanning trees as their bridges compute them: IEEE 802.1D-2004, clause 17 (RSTP has the same result), Linux net/bridge/br_stp.c. */

/** Cost of a device that does not tell its speed: net/bridge/br_if.c, port_cost. */
const UNKNOWN_SPEED = 100;

/** Costs of 2004 by those of 1998: IEEE 802.1D-1998 table 8-5, 802.1D-2004 table 17-3. */
const LONG_COSTS: Readonly<Record<number, number>> = {
  ...{ 2: 2000, 4: 20_000, 19: 200_000, 100: 2_000_000 },
};

/** Something that compares like a priority vector: element by element, the lower one is better. */
type Vector = readonly (string | number)[];

function isBetter(a: Vector, b: Vector): boolean {
  for (const [index, own] of a.entries()) {
    const other = b[index];
    if (other === undefined || own === other) continue;
    return own < other;
  }
  return false;
}

interface Member extends TreeBridge {
  readonly hop: Hop;
}

/** A port that sends BPDUs, as another port hears it. */
interface Sender {
  readonly bridge: Member;
  readonly port: TreePort;
}

interface Standing {
  readonly root: string;
  readonly cost: number;
  /** Id of the hop of the root port; none at the root itself. */
  readonly rootPort: string | undefined;
}

/** Compute the spanning trees of a lab from bridge identifiers, port identifiers and path costs. Pure. */
export function spanningTree(graph: HopGraph): SpanningTree {
  const members = [...graph.hops.values()].flatMap((hop): Member[] => {
    const tree = rulesOf(hop.kind).tree?.(hop);
    return tree ? [{ ...tree, hop }] : [];
  });
  if (members.length === 0) return new Map();
  const heard = hearersOf(members, graph);
  const guarded = members.flatMap(({ ports }) =>
    ports.flatMap(({ guard, hop }): Listening[] => {
      const by = heard
        .get(hop)
        ?.map(({ bridge, port }) => ({ bridge: bridge.hop, port: port.hop }));
      return guard === true && by ? [{ port: hop, by }] : [];
    }),
  );
  return withGuards(guarded, (disabled) => treeWithout(disabled, { graph, members, heard }));
}

interface Network {
  readonly graph: HopGraph;
  readonly members: readonly Member[];
  /** Who is heard, by the id of the hearing port's hop. */
  readonly heard: ReadonlyMap<string, readonly Sender[]>;
}

/** The trees of bridges some of whose ports are disabled. */
function treeWithout(disabled: ReadonlySet<string>, network: Network): SpanningTree {
  const { graph, members } = network;
  const heard = new Map(
    [...network.heard].flatMap(([port, senders]) =>
      disabled.has(port) ? [] : [[port, senders.filter((one) => !disabled.has(one.port.hop))]],
    ),
  );
  const costOf: CostOf = ({ costs }, port) => {
    if (port.cost !== undefined) return port.cost;
    const cost = rulesOf(graph.place(port.hop).hop.kind).pathCost ?? UNKNOWN_SPEED;
    return costs === 'long' ? (LONG_COSTS[cost] ?? cost) : cost;
  };
  const standings = settle(members, heard, costOf);
  const byId = new Map(members.map((member) => [member.id, member]));
  return new Map(
    members.map((bridge) => {
      const { root, cost, rootPort } = standingOf(standings, bridge);
      const isSuperior = (other: Sender, own: string): boolean =>
        standingOf(standings, other.bridge).root < own;
      const roles = bridge.ports.map((port): [string, PortRole] => {
        const own = vectorOf({ bridge, port }, standings);
        const others = heard.get(port.hop) ?? [];
        const isDesignated = others.every((other) => isBetter(own, vectorOf(other, standings)));
        const isRoot = port.hop === rootPort;
        const isHeld = port.rootBlock === true && others.some((other) => isSuperior(other, root));
        const used = isDesignated ? 'designated' : isHeld ? 'held' : 'blocked';
        const role = disabled.has(port.hop) ? 'guarded' : isRoot ? 'root' : used;
        return [port.hop, isDisabled(graph, port) ? 'disabled' : role];
      });
      const top = byId.get(root) ?? bridge;
      const standing: BridgeInTree = {
        hop: bridge.hop,
        root: top.hop,
        cost,
        roles: new Map(roles),
      };
      return [bridge.hop.id, standing];
    }),
  );
}

/** A port that is down, or whose cable has nothing alive at its other end, takes no part. */
const isDisabled = (graph: HopGraph, { hop }: TreePort): boolean =>
  !hasCarrier(graph, hop, NEW_WORLD.bundles);

/** Who hears whose BPDUs: they go their way like any other frame, until a bridge takes them. By the id of the hearing port's hop. */
function hearersOf(
  members: readonly Member[],
  graph: HopGraph,
): ReadonlyMap<string, readonly Sender[]> {
  const heard = new Map<string, Sender[]>();
  const model: Model = { graph, world: NEW_WORLD };
  const isMember = new Set(members.map(({ hop }) => hop.id));
  for (const bridge of members) {
    for (const port of bridge.ports) {
      const { hop } = graph.place(port.hop);
      const end = { mac: hop.settings.mac ?? '' };
      const frame = frameOf('stp', { from: end, to: end });
      const queue = [{ hop, from: bridge.hop, frame }];
      const seen = new Set<string>();
      // A list that grows while it is walked.
      for (const at of queue) {
        const key = `${at.hop.id}\0${at.from.id}`;
        if (seen.has(key)) continue;
        seen.add(key);
        if (isMember.has(at.hop.id)) {
          heard.set(at.from.id, [...(heard.get(at.from.id) ?? []), { bridge, port }]);
          continue;
        }
        for (const { to, result, frame: next } of emit(model, at))
          if (to && result.action === 'pass') queue.push({ hop: to, from: at.hop, frame: next });
      }
    }
  }
  return heard;
}

type Standings = ReadonlyMap<string, Standing>;

/** What a way over a port of a bridge costs. */
type CostOf = (bridge: Member, port: TreePort) => number;

const standingOf = (standings: Standings, bridge: Member): Standing =>
  standings.get(bridge.id) ?? { root: bridge.id, cost: 0, rootPort: undefined };

/** What a port says of itself: root, cost to it, bridge, port. */
function vectorOf({ bridge, port }: Sender, standings: Standings): Vector {
  const { root, cost } = standingOf(standings, bridge);
  return [root, cost, bridge.id, port.id];
}

/** Let bridges tell each other what they know until nobody learns anything new. */
function settle(
  members: readonly Member[],
  heard: ReadonlyMap<string, readonly Sender[]>,
  costOf: CostOf,
): Standings {
  let standings: Standings = new Map();
  // News crosses at least one bridge in each round.
  for (let round = 0; round <= members.length; round += 1) {
    const known = standings;
    standings = new Map(members.map((bridge) => [bridge.id, bestOf(bridge, heard, known, costOf)]));
  }
  return standings;
}

function bestOf(
  bridge: Member,
  heard: ReadonlyMap<string, readonly Sender[]>,
  standings: Standings,
  costOf: CostOf,
): Standing {
  let best: { vector: Vector; standing: Standing } = {
    vector: [bridge.id, 0, bridge.id, 0, 0],
    standing: { root: bridge.id, cost: 0, rootPort: undefined },
  };
  for (const port of bridge.ports) {
    // net/bridge/br_stp.c, br_root_selection (BR_ROOT_BLOCK).
    if (port.rootBlock === true) continue;
    for (const sender of heard.get(port.hop) ?? []) {
      if (sender.bridge.id === bridge.id) continue;
      const { root, cost: before } = standingOf(standings, sender.bridge);
      const cost = before + costOf(bridge, port);
      const vector = [root, cost, sender.bridge.id, sender.port.id, port.id];
      if (isBetter(vector, best.vector))
        best = { vector, standing: { root, cost, rootPort: port.hop } };
    }
  }
  return best.standing;
}
