import type { Model } from '../hops/emit.js';
import type { HopGraph } from '../hops/graph.js';
import { chance, drop } from '../hops/outcome.js';
import { certainDrop } from '../hops/predict.js';
import type { Forwarding, Hop } from '../hops/types.js';
import { resolve } from './resolve.js';
import type { IpStack, IpStacks } from './stack.js';
import { newTalk, type Spoken } from './talk.js';

/** The device that a stack finds when it asks on a segment for the sake of a tunnel. */
export interface Neighbour {
  readonly device: Hop | undefined;
  /** What keeps it from being found. */
  readonly result: Forwarding;
}

interface Wanted {
  readonly stack: IpStack;
  readonly device: Hop;
  readonly sender: string;
  readonly target: string;
  readonly route: () => string;
}

const known = new WeakMap<HopGraph, Map<string, Neighbour>>();

const CIRCLE: Neighbour = {
  device: undefined,
  result: drop(
    'The way to the other end of the tunnel leads over the tunnel itself.',
    'Write a route to the other end by a device that is no tunnel.',
    'Linux net/ipv4/ip_tunnel.c: ip_tunnel_xmit (collisions); drivers/net/vxlan/vxlan_core.c: vxlan_xmit_one (circular route)',
  ),
};

/** Ask for a neighbour, once in a lab: whom a stack knows it does not ask again. */
export function neighbourOf(model: Model, stacks: IpStacks, wanted: Wanted): Neighbour {
  const all = known.get(model.graph) ?? new Map<string, Neighbour>();
  known.set(model.graph, all);
  const key = `${wanted.device.id} ${wanted.target}`;
  const before = all.get(key);
  if (before) return before;
  // Whoever has to ask for it to be able to ask for it goes round.
  all.set(key, CIRCLE);
  const found = asked(model, stacks, wanted);
  all.set(key, found);
  return found;
}

function asked(model: Model, stacks: IpStacks, wanted: Wanted): Neighbour {
  const { stack, device, target } = wanted;
  const talk = newTalk(model, stacks, { stack, end: device }, () => 0);
  const found = resolve(talk, { ...wanted, isRouted: false });
  const told = ({ name, way }: Spoken, at: number, reason: string): string =>
    `To send the packet of the tunnel, ${stack.stack.id} asks for ${target} at ${device.label}, and the ${name} dies at ${way.path[at]?.label}: ${reason}`;
  for (const one of talk.spoken) {
    const lost = certainDrop(one.way.prediction);
    if (!lost) continue;
    const { at, reason, remedy, source } = lost;
    return { device: found?.device, result: drop(told(one, at, reason), remedy, source) };
  }
  for (const one of talk.spoken) {
    const { prediction } = one.way;
    if (prediction.outcome !== 'random') continue;
    const { at, reason, remedy, source, probability } = prediction;
    const cause = { reason: told(one, at, reason), remedy, source };
    return { device: found?.device, result: chance(probability, cause) };
  }
  return { device: found?.device, result: { action: 'pass' } };
}
