import type { BridgeInTree, PortRole, SpanningTree } from './port-roles.js';
import type { Hop } from './types.js';

/**
 * Ports that the first BPDU disables, for good: net/bridge/br_stp_bpdu.c, br_stp_rcv (BR_BPDU_GUARD). A bridge that has
 * another way to the root sends none by a port at which it has heard a better one: then it is a race which of the two spoke first.
 */

/** A guarded port, and the ports whose BPDUs would come in by it. */
export interface Listening {
  /** Id of its hop. */
  readonly port: string;
  readonly by: readonly { readonly bridge: Hop; readonly port: string }[];
}

/** The trees of a lab when these ports are disabled, by the ids of their hops. */
type TreeWithout = (disabled: ReadonlySet<string>) => SpanningTree;

/** The trees of a lab with guarded ports: those surely disabled are, and what a race decides is told. Pure. */
export function withGuards(guarded: readonly Listening[], treeWithout: TreeWithout): SpanningTree {
  const disabled = new Set<string>();
  let open = guarded;
  const known = new Map<string, SpanningTree>();
  const treeWhen = (races: readonly string[]): SpanningTree => {
    const all = [...disabled, ...races].sort();
    const key = all.join('\0');
    const tree = known.get(key) ?? treeWithout(new Set(all));
    known.set(key, tree);
    return tree;
  };
  for (;;) {
    const sure = new Set(surelyHeard(open, treeWhen));
    if (sure.size === 0) {
      const races = open.map(({ port }) => port);
      return withRaces(races, treeWhen);
    }
    for (const port of sure) disabled.add(port);
    open = open.filter(({ port }) => !sure.has(port));
  }
}

/** The trees of a lab when these races are lost: their ports are disabled, and those that surely are. */
type TreeWhen = (races: readonly string[]) => SpanningTree;

/** How some races may end: none is lost, each alone, or all. */
const endings = (races: readonly string[]): readonly (readonly string[])[] =>
  races.length === 0 ? [[]] : [[], ...races.map((port) => [port]), races];

/** The guarded ports that hear a BPDU however the races of the others end. */
function surelyHeard(open: readonly Listening[], treeWhen: TreeWhen): readonly string[] {
  const ports = open.map(({ port }) => port);
  return open.flatMap(({ port, by }) =>
    endings(ports.filter((other) => other !== port)).every((lost) => {
      const tree = treeWhen(lost);
      return by.some((sender) => speaks(tree.get(sender.bridge.id), sender.port));
    })
      ? [port]
      : [],
  );
}

/** By its root port a bridge sends nothing but news of the topology, and that only with segments of its own: br_stp.c, br_topology_change_detection. */
function speaks(bridge: BridgeInTree | undefined, port: string): boolean {
  const role = bridge?.roles.get(port);
  if (role !== 'root') return role === 'designated';
  return [...(bridge?.roles.values() ?? [])].includes('designated');
}

const FORWARDS: ReadonlySet<PortRole | undefined> = new Set(['root', 'designated']);

const isForwarding = (tree: SpanningTree, bridge: string, port: string): boolean =>
  FORWARDS.has(tree.get(bridge)?.roles.get(port));

/** The tree with those ports marked that forward or not by how races end. */
function withRaces(races: readonly string[], treeWhen: TreeWhen): SpanningTree {
  const none = treeWhen([]);
  const others = endings(races).map((lost) => ({ lost, tree: treeWhen(lost) }));
  return new Map(
    [...none].map(([id, bridge]) => {
      const raced = [...bridge.roles.keys()].flatMap((port): [string, readonly string[]][] => {
        const was = isForwarding(none, id, port);
        const by = others.find(({ tree }) => isForwarding(tree, id, port) !== was);
        return by ? [[port, by.lost]] : [];
      });
      if (raced.length === 0) return [id, bridge];
      const marked = raced.map(([port]): [string, PortRole] => [port, 'raced']);
      return [
        id,
        { ...bridge, roles: new Map([...bridge.roles, ...marked]), races: new Map(raced) },
      ];
    }),
  );
}
