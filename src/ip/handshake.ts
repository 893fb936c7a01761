import { UNTAGGED, type Frame } from '../frames/frame.js';
import { findWay } from '../hops/find-way.js';
import type { HopGraph } from '../hops/graph.js';
import type { Model } from '../hops/emit.js';
import { chance, drop } from '../hops/outcome.js';
import { certainDrop } from '../hops/predict.js';
import { encapsulated, type TunnelEnd } from '../hops/tunnel.js';
import { PASS, type Forwarding, type Hop } from '../hops/types.js';

/** Before anything travels sealed the two ends agree on a key: one asks, and the other answers to where that came from. */

type End = Hop<TunnelEnd>;

/** Octets of the message that answers: drivers/net/wireguard/messages.h, message_handshake_response. */
const ANSWER = 92;

const known = new WeakMap<HopGraph, Map<string, Forwarding>>();

/** What an end says before anything can travel. */
function handshake(end: End): Frame {
  const nothing = { src: '', dst: '', vlans: UNTAGGED, etherType: undefined, payload: ANSWER - 32 };
  const packet = encapsulated(end, nothing);
  return { ...packet, ...(packet.inner && { inner: { ...packet.inner, isHandshake: true } }) };
}

const isAsked = ({ inner }: Frame): boolean => inner?.isHandshake !== true;

/** Does the answer of the other end come back to one that has something to send? Asked once in a lab: a key is good for minutes. */
export function answered(model: Model, end: End, frame: Frame): Forwarding {
  if (!end.settings.seal || !isAsked(frame)) return PASS;
  const all = known.get(model.graph) ?? new Map<string, Forwarding>();
  known.set(model.graph, all);
  const before = all.get(end.id);
  if (before) return before;
  // An answer that travels by the same tunnel waits for itself.
  all.set(end.id, PASS);
  const found = ask(model, end);
  all.set(end.id, found);
  return found;
}

function ask(model: Model, end: End): Forwarding {
  const partners = model.graph
    .place(end.id)
    .peers.filter((one): one is End => (one as End).settings.seal !== undefined);
  const partner =
    partners.find(({ settings }) => settings.remote === end.settings.src) ?? partners[0];
  if (!partner) return PASS;
  // What keeps the question from coming there keeps the packet itself from that, and is told of it.
  const there = findWay(model, end, partner, handshake(end));
  if (!there || certainDrop(there.prediction)) return PASS;
  const back = findWay(model, partner, end, handshake(partner));
  if (!back) return PASS;
  const { path, prediction } = back;
  const lost = certainDrop(prediction) ?? (prediction.outcome === 'pass' ? undefined : prediction);
  if (!lost) return PASS;
  const { at, reason, remedy, source } = lost;
  const told = `${end.label} has no key before the other end has answered its handshake, and that answer dies at ${path[at]?.label}: ${reason}`;
  return lost.outcome === 'drop'
    ? drop(told, remedy, source)
    : chance(lost.probability, { reason: told, remedy, source });
}
