import type { FrameClass } from '../frames/classes.js';
import { frameOf } from '../frames/make.js';
import { hasCarrier } from './carrier.js';
import type { HopGraph } from './graph.js';
import { rulesOf } from './kinds/index.js';
import { includes } from './onward.js';
import type { Hop } from './types.js';
import { deliveriesOf, nodesOf, walk } from './walk.js';
import { NEW_WORLD, type Bundles, type LinkWatch, type Membership } from './world.js';

/** Which of its members each bond uses: what carrier and LACP have decided once they have come to rest. */

interface Bonded {
  readonly hop: Hop;
  readonly bundle: Membership;
  /** Members that it takes to be alive, in their order. */
  readonly alive: readonly string[];
}

/** The members in use by the id of the hop of their bond, in their order. Pure. */
export function bundlesIn(graph: HopGraph): Bundles {
  const bonds = [...graph.hops.values()].flatMap((hop): readonly Bonded[] => {
    const bundle = rulesOf(hop.kind).bundle?.(hop);
    if (!bundle) return [];
    const alive = bundle.members.filter((id) => {
      const watches = bundle.watches[id] ?? [];
      return watches.length === 0 || watches.some((watch) => tells[watch](hop, id, graph));
    });
    return [{ hop, bundle, alive }];
  });
  const speaking = bonds.filter(({ bundle }) => bundle.agrees !== undefined);
  return new Map(bonds.map((bond) => [bond.hop.id, usedBy(bond, graph, speaking)] as const));
}

/** Does anybody beyond the bond's own stack hear a frame of a class that it sends by a member? */
const isHeard =
  (frameClass: FrameClass) =>
  ({ stack }: Hop, member: string, graph: HopGraph): boolean => {
    const { hop } = graph.place(member);
    const end = { mac: hop.settings.mac ?? '' };
    const asked = { ...frameOf(frameClass, { from: end, to: end }), joined: true };
    const root = walk({ graph, world: NEW_WORLD }, hop, asked);
    return deliveriesOf(root).some(({ device }) => device.stack !== stack);
  };

/** What tells that a member is alive. */
const tells: Readonly<Record<LinkWatch, (bond: Hop, id: string, graph: HopGraph) => boolean>> = {
  carrier: (_, id, graph) => hasCarrier(graph, id, NEW_WORLD.bundles),
  arp: isHeard('arp-request'),
  nd: isHeard('nd-solicitation'),
};

/** LACP: members that hear the same partner become one aggregate. (IEEE 802.1AX-2020, 6.4.14) */
function usedBy(
  { hop, bundle, alive }: Bonded,
  graph: HopGraph,
  speaking: readonly Bonded[],
): readonly string[] {
  if (!bundle.agrees) return bundle.uses(alive);
  const byPartner = new Map<string, string[]>();
  for (const id of alive) {
    const partner = partnerOf(hop, id, graph, speaking);
    if (partner !== undefined) byPartner.set(partner, [...(byPartner.get(partner) ?? []), id]);
  }
  return bundle.agrees([...byPartner.values()], alive);
}

/** The bond at whose members arrives what a member says. Bonds have their members join the group of LACP. */
function partnerOf(
  own: Hop,
  member: string,
  graph: HopGraph,
  speaking: readonly Bonded[],
): string | undefined {
  const { hop } = graph.place(member);
  const end = { mac: hop.settings.mac ?? '' };
  const frame = { ...frameOf('lacp', { from: end, to: end }), joined: true };
  for (const at of nodesOf(walk({ graph, world: NEW_WORLD }, hop, frame))) {
    const { masters } = graph.place(at.hop.id);
    if (!at.from || includes(masters, at.from)) continue;
    const partner = speaking.find(
      (other) => other.hop.id !== own.id && other.alive.includes(at.hop.id),
    );
    if (partner) return partner.hop.id;
  }
  return undefined;
}
