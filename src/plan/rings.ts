import { findLoops, type Loop } from '../hops/loops.js';
import { PatchlabError } from '../errors.js';
import type { Lab } from '../topology/lab.js';
import { fixOf, type Problem } from '../topology/problem.js';
import type { Source } from '../topology/source.js';
import { TopologyError } from '../topology/topology-error.js';
import type { Wiring } from './wire.js';

/** The last link of the file that a ring goes over; nothing where it lies inside a node. */
function linkOf({ hops }: Loop, { links }: Wiring): number | undefined {
  const steps = new Set(
    hops.flatMap(({ id }, index) => {
      const next = hops[(index + 1) % hops.length]?.id ?? '';
      return [`${id}\0${next}`, `${next}\0${id}`];
    }),
  );
  const index = links.findLastIndex(({ plan }) =>
    plan.hops.edges.some(({ a, b }) => steps.has(`${a}\0${b}`)),
  );
  return index < 0 ? undefined : index;
}

/** What each ring of a lab is, on which a broadcast would go round for ever. Pure. */
export function ringProblems(wiring: Wiring): readonly Problem[] {
  return findLoops(wiring.model).map((loop) => {
    const { hops, vlan } = loop;
    const link = linkOf(loop, wiring);
    const names = [...hops, ...hops.slice(0, 1)].map(({ label }) => label);
    const where = vlan === undefined ? '' : ` in VLAN ${vlan}`;
    const out = link === undefined ? 'one of the devices' : (wiring.links[link]?.link.id ?? '');
    return {
      code: 'topology/loop',
      path: link === undefined ? ['nodes', hops[0]?.stack.split('/')[0] ?? ''] : ['links', link],
      what: `A broadcast goes round for ever${where}: ${names.join(' > ')}.`,
      why: 'Each switch on the ring floods what comes to it, and none of them runs spanning tree: one frame becomes a storm that takes all of a processor.',
      fix: `set \`stp: true\` on the bridges of the ring, or take ${out} out; where the storm is meant, write \`allow_loops: true\` at the top`,
    };
  });
}

/** Refuse a lab in which a broadcast would go round for ever, unless its file allows it. @throws TopologyError */
export function demandNoRings(lab: Lab, wiring: Wiring, source: Source | undefined): void {
  if (lab.allowLoops) return;
  const problems = ringProblems(wiring);
  const [first] = problems;
  if (!first) return;
  if (source) throw new TopologyError(source, problems);
  const { what, why } = first;
  throw new PatchlabError('topology/loop', { what, ...(why && { why }), fix: fixOf(first) });
}
