import { frameOf } from '../frames/make.js';
import { hasCarrier } from './carrier.js';
import type { HopGraph } from './graph.js';
import { rulesOf } from './kinds/index.js';
import { includes } from './onward.js';
import type { Hop } from './types.js';
import { deliveriesOf, nodesOf, walk } from './walk.js';
import { NEW_WORLD, type Bundles, type Membership } from './world.js';

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
    const alive = bundle.members.filter(
      (id) =>
        (!bundle.watches || hasCarrier(graph, id, NEW_WORLD.bundles)) &&
        (!bundle.asks || isHeard(hop, id, graph)),
    );
    return [{ hop, bundle, alive }];
  });
  const speaking = bonds.filter(({ bundle }) => bundle.negotiates);
  return new Map(bonds.map((bond) => [bond.hop.id, usedBy(bond, graph, speaking)] as const));
}

/** Does anybody beyond the bond's own stack hear what is asked by a member? */
function isHeard({ stack }: Hop, member: string, graph: HopGraph): boolean {
  const { hop } = graph.place(member);
  const end = { mac: hop.settings.mac ?? '' };
  const root = walk(
    { graph, world: NEW_WORLD },
    hop,
    frameOf('arp-request', { from: end, to: end }),
  );
  return deliveriesOf(root).some(({ device }) => device.stack !== stack);
}

function usedBy(
  { hop, bundle: { isOne, primary, negotiates }, alive }: Bonded,
  graph: HopGraph,
  speaking: readonly Bonded[],
): readonly string[] {
  if (negotiates) return aggregateOf(hop, alive, graph, speaking);
  if (!isOne) return alive;
  const active = alive.find((id) => id === primary) ?? alive[0];
  return active === undefined ? [] : [active];
}

/**
 * LACP: members that hear the same partner become one aggregate, one without a partner is one by itself. The largest with a
 * partner is used, else the first. (IEEE 802.1AX-2020, 6.4.14; Linux drivers/net/bonding/bond_3ad.c, ad_agg_selection_test)
 */
function aggregateOf(
  hop: Hop,
  alive: readonly string[],
  graph: HopGraph,
  speaking: readonly Bonded[],
): readonly string[] {
  const byPartner = new Map<string, string[]>();
  for (const id of alive) {
    const partner = partnerOf(hop, id, graph, speaking);
    if (partner !== undefined) byPartner.set(partner, [...(byPartner.get(partner) ?? []), id]);
  }
  const [best] = [...byPartner.values()].toSorted((a, b) => b.length - a.length);
  return best ?? alive.slice(0, 1);
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
