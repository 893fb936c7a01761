import { hearingOn, type ClassLoss } from '../../hops/hearing.js';
import type { Model } from '../../hops/emit.js';
import type { Hop } from '../../hops/types.js';
import type { Pair } from '../../plan/pairs.js';
import { nameOf, type Adjacency, type Heard } from '../findings/adjacency.js';

/** What LLDP says of one neighbour of a port. */
export interface PortNeighbour {
  /** Label of the port that listened. */
  readonly port: string;
  /** Label of the neighbour's port, or what it says of itself where the lab has none like it. */
  readonly neighbour: string;
  /**
   * `expected`: at the other end of its cable, and heard. `relayed`: further away, behind bridges of the topology that
   * hand LLDP on. `missing`: at the other end of its cable, and not heard. `unexpected`: heard, and not there by the
   * topology. `unknown`: nobody could listen.
   */
  readonly state: 'expected' | 'relayed' | 'missing' | 'unexpected' | 'unknown';
  /** Chassis id that was heard. */
  readonly chassis: string | null;
  /** What the model says becomes of LLDP on the cable; `null` where there is no such cable. */
  readonly predicted: 'pass' | ClassLoss['outcome'] | null;
  /** Why it is lost, as the model has it, or why nobody could listen. */
  readonly reason: string | null;
}

/**
 * Hold the neighbours that were heard against the cables of the topology, port by port. Pure.
 * @param fates - what `fatesOf` says of the cables
 * @param deaf - why nobody listened at a port, by the id of its hop
 */
export function judgeNeighbours(
  adjacency: Adjacency,
  fates: ReadonlyMap<string, ClassLoss | undefined>,
  heard: readonly Heard[],
  deaf: ReadonlyMap<string, string>,
): readonly PortNeighbour[] {
  return adjacency.ports.flatMap((port) => {
    const own = heard.filter(({ at }) => at.id === port.id);
    const declared = adjacency.declaredAt(port).map((other) =>
      judgeDeclared(
        port,
        other,
        own.find((one) => adjacency.deviceOf(one)?.id === other.id),
        fates.get(fateKey(other, port)),
        deaf.get(port.id),
      ),
    );
    const others = own.flatMap((one): PortNeighbour[] => {
      const relation = adjacency.relationOf(one);
      if (relation !== 'relayed' && relation !== 'unexpected') return [];
      const { chassis } = one;
      const neighbour = nameOf(adjacency, one);
      return [
        { port: port.label, neighbour, state: relation, chassis, predicted: null, reason: null },
      ];
    });
    return [...declared, ...others];
  });
}

/** A direction of a cable. */
export const fateKey = (from: Hop | undefined, to: Hop | undefined): string =>
  `${from?.id ?? ''}\0${to?.id ?? ''}`;

/** What the model says becomes of LLDP on each cable, in each direction, by `fateKey`; `undefined` where it arrives. */
export function fatesOf(
  model: Model,
  cables: readonly Pair[],
): ReadonlyMap<string, ClassLoss | undefined> {
  return new Map(
    cables
      .flatMap(({ path }) => [path, path.toReversed()])
      .map((path) => {
        const [loss] = hearingOn(model, path, ['lldp']).lost;
        return [fateKey(path.at(0), path.at(-1)), loss] as const;
      }),
  );
}

function judgeDeclared(
  port: Hop,
  other: Hop,
  heard: Heard | undefined,
  loss: ClassLoss | undefined,
  why: string | undefined,
): PortNeighbour {
  const silent = why === undefined ? 'missing' : 'unknown';
  return {
    port: port.label,
    neighbour: other.label,
    state: heard ? 'expected' : silent,
    chassis: heard?.chassis ?? null,
    predicted: loss?.outcome ?? 'pass',
    reason: heard ? null : (why ?? loss?.reason ?? null),
  };
}

/** Is it as the topology and the model have it? What could not be found out is `unknown`. */
export function isAsDeclared({ state, predicted }: PortNeighbour): boolean | 'unknown' {
  if (state === 'unknown') return 'unknown';
  if (state === 'missing') return predicted !== 'pass';
  return state !== 'unexpected';
}
