import { PatchlabError } from '../../errors.js';
import type { HopGraph } from '../../hops/graph.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { Hop } from '../../hops/types.js';
import { hopsOf } from '../../plan/link-hops.js';
import { hasInside, THIS_HOST, type Lab } from '../../topology/lab.js';
import { didYouMeanLabel } from '../../topology/suggest.js';

/** Where to capture, in the words of the user. */

/** Does a capture on the device see every frame that crosses it? */
const seesAll = (hop: Hop): boolean =>
  hop.settings.noDevice !== true && rulesOf(hop.kind).observable({ hop, from: hop, to: hop });

/**
 * The hops of a lab to capture on, each once, in the order of the graph.
 * @param asked - nodes, inner namespaces, links, hops by label or by the name of their device; nothing for the whole lab
 * @throws PatchlabError `lab/unknown-place`, `capture/nowhere`
 */
export function chooseHops(lab: Lab, graph: HopGraph, asked: readonly string[]): readonly Hop[] {
  const all = [...graph.hops.values()];
  const closed = closedStacks(lab);
  const isSeen = (hop: Hop): boolean => seesAll(hop) && !closed.has(hop.stack);
  const chosen = new Set(
    asked.length === 0 ? all : asked.flatMap((word) => named(lab, graph, word)),
  );
  // A switch stands for its ports, a cable without a device for its ends, the port of a guest that is closed for what is before it.
  const besides = asked.length === 0 ? [] : [...chosen].filter((hop) => !isSeen(hop));
  for (const { id } of besides)
    for (const next of graph.neighbours.get(id) ?? []) {
      const hop = graph.hops.get(next);
      if (hop) chosen.add(hop);
    }
  const hops = all.filter((hop) => chosen.has(hop) && isSeen(hop));
  if (hops.length > 0) return hops;
  throw new PatchlabError('capture/nowhere', {
    what: `Nothing of ${asked.length === 0 ? `lab \`${lab.name}\`` : asked.map((word) => `\`${word}\``).join(' and ')} can be captured on.`,
    why: 'a capture needs a device that is up and sees what crosses it, and in a guest its agent',
    fix: 'Take a port or a link beside it.',
  });
}

/** Stacks that nobody can look into: those of guests without an agent. */
const closedStacks = ({ nodes }: Lab): ReadonlySet<string> =>
  new Set(
    nodes.filter((node) => !hasInside(node)).flatMap(({ stacks }) => stacks.map(({ id }) => id)),
  );

/** All hops that a word means. @throws PatchlabError `lab/unknown-place` */
function named(lab: Lab, graph: HopGraph, word: string): readonly Hop[] {
  const inside = lab.nodes.flatMap(({ name, stacks }) =>
    stacks.filter(({ id }) => id === word || name === word),
  );
  const devices = [...graph.hops.values()].filter(
    ({ label, stack, device }) => label === word || (stack === THIS_HOST && device === word),
  );
  // A link with one end may be called like the port that it ends at.
  const links = devices.length > 0 ? [] : lab.links.filter(({ id }) => id === word);
  const found = [
    ...inside.flatMap(({ id }) => graph.stacks.get(id) ?? []),
    ...links.flatMap((link) => hopsOf(link, { graph })),
    ...devices,
  ];
  if (inside.length + links.length + found.length > 0) return found;
  throw new PatchlabError('lab/unknown-place', {
    what: `Lab \`${lab.name}\` has no hop, link or node \`${word}\`.`,
    fix: didYouMeanLabel(word, placesIn(lab, graph)),
  });
}

const placesIn = (lab: Lab, graph: HopGraph): readonly string[] => [
  ...lab.nodes.flatMap(({ stacks }) => stacks.map(({ id }) => id)),
  ...lab.links.map(({ id }) => id),
  ...[...graph.hops.values()].map(({ label }) => label),
];
