import { hopId, pathBetween } from '../hops/graph.js';
import type { Hop } from '../hops/types.js';
import { THIS_HOST, type Lab, type LabLink } from '../topology/lab.js';
import type { Where } from './step.js';
import type { Wiring } from './wire.js';
import { hostNameOf } from '../where.js';

/** A device on the way of a link, by the names that it has on its host. */
export interface LinkHop {
  /** Name of the machine or guest: `local`, or `guest:NODE`. */
  readonly host: string;
  readonly netns?: string;
  readonly device: string;
  readonly kind: string;
}

/** Where commands run that look at a hop of a lab. */
export function whereIn(lab: Lab): (hop: Hop) => Where {
  const stacks = new Map(
    lab.nodes.flatMap((node) => node.stacks.map(({ id, where }) => [id, where] as const)),
  );
  return ({ stack }) => {
    const where = stack === THIS_HOST ? lab.here : stacks.get(stack);
    if (!where) throw new RangeError(`no stack is called ${stack}`);
    return where;
  };
}

/** The real devices of each link, from the first port of each cable to the second. */
export function linkHops(lab: Lab, wiring: Wiring): Readonly<Record<string, readonly LinkHop[]>> {
  const whereOf = whereIn(lab);
  return Object.fromEntries(
    lab.links.map((link) => [
      link.id,
      hopsOf(link, wiring)
        .filter(({ settings }) => settings.noDevice !== true)
        .map((hop) => {
          const where = whereOf(hop);
          return {
            host: hostNameOf(where),
            ...(where.netns !== undefined && { netns: where.netns }),
            ...{ device: hop.device, kind: hop.kind },
          };
        }),
    ]),
  );
}

/** The hops of a link, from the first port of each cable to the second; each once. */
export function hopsOf(link: LabLink, wiring: Pick<Wiring, 'graph'>): readonly Hop[] {
  const hops = new Map<string, Hop>();
  const walked = new Set<number>();
  for (const cable of link.cables) {
    // A segment of many ends has a cable for each pair, and nothing new on most of them.
    if (cable.every((index) => walked.has(index))) continue;
    for (const index of cable) walked.add(index);
    const [from, to] = cable.map((index) => link.ends[index]);
    if (!from || !to) continue;
    const [a, b] = [from, to].map(({ stack, port }) => hopId(stack.id, port.name));
    for (const hop of pathBetween(wiring.graph, a ?? '', b ?? '') ?? []) hops.set(hop.id, hop);
  }
  return [...hops.values()];
}
