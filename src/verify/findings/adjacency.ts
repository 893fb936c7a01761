import { hopId, pathBetween, type HopGraph } from '../../hops/graph.js';
import { hearingOn } from '../../hops/hearing.js';
import type { Model } from '../../hops/emit.js';
import type { Hop } from '../../hops/types.js';
import { waysFrom } from '../../hops/ways.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';
import type { SeenDevices } from './define.js';

/** An LLDP neighbour as a port heard it: IEEE 802.1AB-2016, 8.5.2 and 8.5.3. */
export interface Heard {
  readonly at: Hop;
  /** Chassis id, a MAC where the neighbour is ladvd. */
  readonly chassis: string;
  readonly port: string;
}

/**
 * What a neighbour is to the port that heard it: at the other end of a cable, further away behind bridges that hand
 * LLDP on, the port itself or the device of this machine that it is plugged into, or something that the topology does
 * not have there.
 */
type Relation = 'declared' | 'relayed' | 'own' | 'unexpected';

/** Who is whose neighbour by the topology. */
export interface Adjacency {
  /** The ports of the lab's links. */
  readonly ports: readonly Hop[];
  /** The ports at the other ends of a port's cables. */
  declaredAt(port: Hop): readonly Hop[];
  /** The ports that a port hears over bridges that hand LLDP on, as the model has it. */
  relayedTo(port: Hop): readonly Hop[];
  /** The device that a neighbour is; none where the lab has none like it. */
  deviceOf(heard: Heard): Hop | undefined;
  relationOf(heard: Heard): Relation;
}

/** Ids of the hops at the other ends of each port's cables. */
function cablesOf(lab: Lab): ReadonlyMap<string, readonly string[]> {
  const cables = new Map<string, string[]>();
  for (const { ends, cables: pairs } of lab.links) {
    const ids = ends.map(({ stack, port }) => hopId(stack.id, port.name));
    for (const id of ids) cables.set(id, []);
    for (const [a, b] of pairs) {
      cables.get(ids[a] ?? '')?.push(ids[b] ?? '');
      cables.get(ids[b] ?? '')?.push(ids[a] ?? '');
    }
  }
  return cables;
}

/** Ids of the stacks that have a MAC, as the lab has it or as it really is. */
export function stacksByMac(
  { hops }: HopGraph,
  state: SeenDevices,
): ReadonlyMap<string, ReadonlySet<string>> {
  const stacks = new Map<string, Set<string>>();
  const add = (mac: string | undefined, stack: string): void => {
    if (mac === undefined || stack === THIS_HOST) return;
    stacks.set(mac, (stacks.get(mac) ?? new Set()).add(stack));
  };
  for (const { stack, settings } of hops.values()) add(settings.mac, stack);
  for (const [stack, devices] of state) for (const { mac } of devices) add(mac, stack);
  return stacks;
}

/** Read the topology as a table of neighbours. Pure. */
export function adjacencyOf(lab: Lab, model: Model, state: SeenDevices): Adjacency {
  const { graph } = model;
  const cables = cablesOf(lab);
  const stacks = stacksByMac(graph, state);
  const hopsOf = (ids: readonly string[]): readonly Hop[] =>
    ids.flatMap((id) => graph.hops.get(id) ?? []);
  const candidates = ({ chassis, port }: Heard): readonly Hop[] =>
    hopsOf([...(stacks.get(chassis) ?? [])].map((stack) => hopId(stack, port)));
  const declaredAt = (port: Hop): readonly Hop[] => hopsOf(cables.get(port.id) ?? []);
  const isDeclared = (at: Hop, hop: Hop): boolean => (cables.get(at.id) ?? []).includes(hop.id);
  // Open vSwitch announces the port by which it sends, where that has LLDP switched on.
  const isSocket = ({ at, port }: Heard): boolean =>
    (graph.neighbours.get(at.id) ?? []).includes(hopId(THIS_HOST, port));
  const hearsOver = (path: readonly Hop[] | undefined): boolean =>
    path !== undefined && hearingOn(model, path, ['lldp']).hears.length > 0;
  const isRelayed = (at: Hop, hop: Hop): boolean => hearsOver(pathBetween(graph, hop.id, at.id));
  const ports = hopsOf([...cables.keys()]);
  return {
    ports,
    declaredAt,
    relayedTo(port) {
      const way = waysFrom(graph, port, (id) => cables.has(id));
      return ports.filter(
        (other) =>
          other.id !== port.id && !isDeclared(port, other) && hearsOver(way(other)?.toReversed()),
      );
    },
    deviceOf(heard) {
      const found = candidates(heard);
      return found.find((hop) => isDeclared(heard.at, hop)) ?? found[0];
    },
    relationOf(heard) {
      const found = candidates(heard);
      const is = (test: (at: Hop, hop: Hop) => boolean) => found.some((hop) => test(heard.at, hop));
      if (is(isDeclared)) return 'declared';
      if (is((at, hop) => at.id === hop.id) || isSocket(heard)) return 'own';
      return is(isRelayed) ? 'relayed' : 'unexpected';
    },
  };
}

/** How to name a neighbour: as the lab does, else by what it says of itself. */
export const nameOf = (adjacency: Adjacency, heard: Heard): string =>
  adjacency.deviceOf(heard)?.label ?? `${heard.port} of ${heard.chassis}`;
