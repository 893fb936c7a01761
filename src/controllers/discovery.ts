import { copyKey, UNTAGGED, type Frame } from '../frames/frame.js';
import { NO_MAC } from '../frames/mac.js';
import { emit, type Arrival, type Model } from '../hops/emit.js';
import { findWay } from '../hops/find-way.js';
import { hopId } from '../hops/graph.js';
import { certainDrop, follow, type Way } from '../hops/predict.js';
import { byChance, causeOf } from '../hops/prediction.js';
import type { Cause, Hop } from '../hops/types.js';
import type { Lab } from '../topology/lab.js';
import type { ControllerKind, DiscoveryFrame } from './define.js';
import { portsOf, type ControlledSwitch } from './switches.js';

/**
 * Which links a controller discovers: it lets a switch send a frame by each port, and sees where one comes in. So the cable
 * decides what it sees. Pure.
 */

/** One direction of a link between ports of switches. */
interface PortPair {
  readonly from: Hop;
  readonly to: Hop;
}

/** What becomes of one of its frames from the one port to the other. */
interface Try extends Way {
  readonly frame: DiscoveryFrame;
}

/** One direction, and what the model says of it. */
export interface PredictedLink extends PortPair {
  /** Does the file join them by a cable? Else the frame finds a way through other nodes. */
  readonly isCable: boolean;
  readonly outcome: 'seen' | 'unseen' | 'random';
  /** By what it is seen, or what it is not seen by. */
  readonly by: Try;
  /** Where it dies and why; nothing where it is seen. */
  readonly at?: Hop | undefined;
  readonly cause?: Cause | undefined;
}

const keyOf = ({ from, to }: PortPair): string => `${from.id}\0${to.id}`;

/** What joins ports of switches by itself: the cables of links, and pairs of devices. */
function cablesBetween(
  lab: Lab,
  { graph }: Model,
  switches: readonly ControlledSwitch[],
): readonly PortPair[] {
  const ports = portsOf(switches);
  const pairs = [
    ...lab.links.flatMap(({ cables, ends }) =>
      cables.map((cable) => cable.map((at) => endId(ends[at]))),
    ),
    ...graph.edges.flatMap(({ role, a, b }) => (role === 'wire' ? [[a, b]] : [])),
  ];
  const found = pairs.flatMap(([a = '', b = '']): readonly PortPair[] => {
    if (!ports.has(a) || !ports.has(b)) return [];
    const [one, other] = [graph.place(a).hop, graph.place(b).hop];
    return [
      { from: one, to: other },
      { from: other, to: one },
    ];
  });
  return [...new Map(found.map((pair) => [keyOf(pair), pair])).values()];
}

const endId = (end: Lab['links'][number]['ends'][number] | undefined): string =>
  end ? hopId(end.stack.id, end.port.name) : '';

/** The links that a controller of a kind sees, and those that it should see and does not. */
export function predictDiscovery(
  lab: Lab,
  model: Model,
  { discovers, ignoresOwn }: Pick<ControllerKind, 'discovers' | 'ignoresOwn'>,
  switches: readonly ControlledSwitch[],
): readonly PredictedLink[] {
  const ports = portsOf(switches);
  const isOther = ({ from, to }: PortPair): boolean =>
    from.id !== to.id && !(ignoresOwn && ports.get(from.id) === ports.get(to.id));
  const cables = cablesBetween(lab, model, switches).filter(isOther);
  const known = new Set(cables.map(keyOf));
  const beyond = new Map<string, PortPair>();
  const arrivals = new Map<string, readonly Hop[]>();
  for (const id of ports.keys()) {
    const from = model.graph.place(id).hop;
    for (const frame of discovers)
      for (const path of pathsFrom(model, ports, from, frameFrom(from, frame))) {
        const to = path.at(-1) ?? from;
        const pair = { from, to };
        arrivals.set(`${keyOf(pair)}\0${frame.name}`, path);
        if (isOther(pair) && !known.has(keyOf(pair))) beyond.set(keyOf(pair), pair);
      }
  }
  const predicted = (pair: PortPair, isCable: boolean): PredictedLink | undefined => {
    const tries = discovers.flatMap((frame): readonly Try[] => {
      const content = frameFrom(pair.from, frame);
      const path = arrivals.get(`${keyOf(pair)}\0${frame.name}`);
      const way = path ? follow(model, path, content) : findWay(model, pair.from, pair.to, content);
      const master = ports.get(pair.to.id);
      return way && master ? [{ ...punted(model, way, master, pair.to), frame }] : [];
    });
    return best(pair, isCable, tries);
  };
  return [
    ...cables.flatMap((pair) => predicted(pair, true) ?? []),
    ...[...beyond.values()].flatMap((pair) => predicted(pair, false) ?? []),
  ];
}

const frameFrom = ({ settings }: Hop, { dst, etherType }: DiscoveryFrame): Frame => ({
  ...{ src: settings.mac ?? NO_MAC, dst, etherType, vlans: UNTAGGED },
});

/** The try by which it is seen, else the one that comes furthest. */
function best(pair: PortPair, isCable: boolean, tries: readonly Try[]): PredictedLink | undefined {
  const rank = { pass: 0, random: 1, drop: 2 } as const;
  const [by] = tries.toSorted(
    (a, b) =>
      rank[outcomeOf(a)] - rank[outcomeOf(b)] ||
      (certainDrop(b.prediction)?.at ?? 0) - (certainDrop(a.prediction)?.at ?? 0),
  );
  if (!by) return undefined;
  const outcome = ({ pass: 'seen', random: 'random', drop: 'unseen' } as const)[outcomeOf(by)];
  const { prediction, path } = by;
  if (prediction.outcome === 'pass') return { ...pair, isCable, outcome, by };
  const cause = certainDrop(prediction) ?? prediction;
  return { ...pair, isCable, outcome, by, cause, at: path[cause.at] };
}

const outcomeOf = ({ prediction }: Way): 'pass' | 'random' | 'drop' =>
  certainDrop(prediction) ? 'drop' : prediction.outcome;

/** What the switch does with it that it has come to, at the port `to`, the last of the way. */
function punted(model: Model, way: Way, { hop, keeps }: ControlledSwitch, to: Hop): Way {
  const last = way.path.length - 1;
  const frame = way.frames[last];
  if (!frame || certainDrop(way.prediction)) return way;
  const result = model.world.blocked(hop, to, undefined) ?? keeps(to, frame);
  if (result?.action === 'drop')
    return { ...way, prediction: { outcome: 'drop', at: last, ...causeOf(result) } };
  if (result?.action === 'chance')
    return { ...way, prediction: byChance(result, last, way.prediction) };
  return way;
}

interface Reached extends Arrival {
  readonly before: Reached | undefined;
}

/** The ways by which a frame that a switch sends by a port comes to ports of switches, where it ends: the controller has it. */
function pathsFrom(
  model: Model,
  ports: ReadonlyMap<string, ControlledSwitch>,
  begin: Hop,
  frame: Frame,
): readonly (readonly Hop[])[] {
  const seen = new Set<string>();
  const found: (readonly Hop[])[] = [];
  const now: Reached[] = [{ hop: begin, from: undefined, frame, before: undefined }];
  // A list that grows while it is walked.
  for (const at of now) {
    const key = [at.hop.id, at.from?.id, copyKey(at.frame)].join('\0');
    if (seen.has(key)) continue;
    seen.add(key);
    for (const { to, result, frame: next } of emit(model, at)) {
      if (!to || result.action === 'drop') continue;
      if (ports.get(at.hop.id)?.hop.id === to.id) found.push(pathTo(at));
      else now.push({ hop: to, from: at.hop, frame: next, before: at });
    }
  }
  return found;
}

function pathTo(end: Reached): readonly Hop[] {
  const path: Hop[] = [];
  for (let at: Reached | undefined = end; at; at = at.before) path.push(at.hop);
  return path.reverse();
}
