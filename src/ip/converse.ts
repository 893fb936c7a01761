import { DEFAULT_TTL, echoFrame } from '../frames/values.js';
import type { Model } from '../hops/emit.js';
import { findWay, learn } from '../hops/find-way.js';
import { remembering } from '../hops/model.js';
import type { Way } from '../hops/predict.js';
import type { Cause, Hop } from '../hops/types.js';
import { badSource, ignoresEcho, refusesToForward, type IpPacket } from './accept.js';
import { cut, tooLongForOwn } from './fragments.js';
import { ownerOf, resolve } from './resolve.js';
import { routeTo, sourceOn, type Decision } from './routes.js';
import { ttlOf, type IpStack, type IpStacks } from './stack.js';
import {
  fromStack,
  keyOf,
  afterRouter,
  untaken,
  type Neighbour,
  type Spoken,
  type Talk,
} from './talk.js';

/** A ping as the frames that it takes, segment by segment: who asks whom, who forwards, who answers. */

/** What is asked for. */
export interface Ping {
  readonly stack: IpStack;
  /** The device that the socket is bound to, by which the packet leaves whatever the routes say. */
  readonly bound?: Hop | undefined;
  readonly source: string;
  readonly target: string;
  /** Device at which it must arrive. */
  readonly end: Hop;
  readonly family: 4 | 6;
  readonly id: number;
  readonly ttl?: number | undefined;
  readonly size?: number | undefined;
  readonly dontFragment: boolean;
}

interface PingTalk extends Talk {
  readonly ping: Ping;
}

/** The most routers that a packet crosses here: what has not arrived by then goes in circles. */
const MOST_ROUTERS = 32;

/** The frames of a ping in their order, as far as it gets; the last one tells where it ends. Pure. */
export function converse(model: Model, stacks: IpStacks, ping: Ping): readonly Spoken[] {
  const talk: PingTalk = {
    ...{ model: remembering(model), stacks, end: ping.end, origin: ping.stack, ping },
    ...{ spoken: [], neighbours: new Map<string, Neighbour>() },
  };
  const { family, source, target, dontFragment, size = 84 } = ping;
  const packet = (kind: IpPacket['kind'], src: string, dst: string, ttl: number): IpPacket => ({
    ...{ family, kind, src, dst, ttl, size },
    // The kernel lets routers cut its answers: net/ipv4/icmp.c, icmp_sk_init (IP_PMTUDISC_DONT).
    dontFragment: dontFragment && kind === 'echo-request',
  });
  const ttl = ping.ttl ?? ttlOf(ping.stack, family, DEFAULT_TTL);
  const there = send(talk, ping.stack, packet('echo-request', source, target, ttl));
  if (!there) return talk.spoken;
  const { stack, refusal } = there;
  const back = ttlOf(stack, family, DEFAULT_TTL);
  const echo = packet('echo-reply', target, source, back);
  send(
    { ...talk, end: talk.spoken[0]?.from ?? ping.end },
    stack,
    echo,
    refusal ?? ignoresEcho(stack, packet('echo-request', source, target, ttl)),
  );
  return talk.spoken;
}

/** Where a packet has come to, and why that stack will have nothing to do with it. */
interface Arrived {
  readonly stack: IpStack;
  readonly refusal: Cause | undefined;
}

/**
 * Send a packet from stack to stack until one has its destination.
 * @param refusal - why the first stack does not send it
 * @returns nothing where it ends on the way
 */
function send(
  talk: PingTalk,
  origin: IpStack,
  sent: IpPacket,
  refusal?: Cause,
): Arrived | undefined {
  let [stack, packet, cause]: [IpStack, IpPacket, Cause | undefined] = [origin, sent, refusal];
  let cameBy: Hop | undefined;
  for (let router = 0; router < MOST_ROUTERS; router += 1) {
    const decision = router === 0 ? firstStep(talk, stack, packet) : routeTo(stack, packet.dst);
    if (decision.kind === 'local') return { stack, refusal: cause };
    if (decision.kind === 'none') {
      fall(talk, stack, packet, cause ?? noRoute(stack, packet), cameBy !== undefined);
      return undefined;
    }
    const { device, nextHop } = decision;
    if (cameBy) {
      cause ??= refusesToForward(stack, cameBy, device, packet);
      packet = { ...packet, ttl: packet.ttl - 1 };
    } else cause ??= tooLongForOwn(stack, device, packet);
    const isRouted = cameBy !== undefined;
    packet = cut(packet, device, isRouted);
    if (cause) {
      const neighbour = talk.neighbours.get(keyOf(stack, device, nextHop));
      const to = neighbour?.device ?? ownerOf(talk, device, nextHop) ?? talk.end;
      speakEcho(talk, stack, packet, { device, to, isRouted, cause });
      return undefined;
    }
    const isOwn = stack.addresses.some(({ ip }) => ip === packet.src);
    const sender = isOwn ? packet.src : (sourceOn(stack, device, nextHop) ?? packet.src);
    const question = { stack, device, sender, target: nextHop, route: decision.route, isRouted };
    const neighbour = resolve(talk, question);
    if (!neighbour) return undefined;
    const way = speakEcho(talk, stack, packet, { device, to: neighbour.device, isRouted });
    const next = talk.stacks.get(neighbour.device.stack);
    if (!way || !next) return undefined;
    cause = untaken(way, neighbour.device) ?? badSource(next, neighbour.device, packet.src);
    [stack, cameBy] = [next, neighbour.device];
  }
  fall(talk, stack, packet, circles(packet), true);
  return undefined;
}

/** A socket that is bound to a device sends by it; what is not in its subnet it asks for on the segment all the same. */
function firstStep({ ping }: PingTalk, stack: IpStack, { dst }: IpPacket): Decision {
  const decision = routeTo(stack, dst);
  const { bound } = ping;
  if (!bound || stack !== ping.stack || dst !== ping.target || decision.kind === 'local')
    return decision;
  if (decision.kind === 'out' && decision.device.id === bound.id) return decision;
  return { kind: 'out', device: bound, nextHop: dst, route: `dev ${bound.device}` };
}

const noRoute = (stack: IpStack, packet: IpPacket): Cause => ({
  reason: `${stack.stack.id} has no route to ${packet.dst}: it cannot send the ${packet.kind.replace('-', ' ')}.`,
  remedy: `Give ${stack.stack.id} a route to ${packet.dst} (\`routes: [{ to: default, via: ... }]\`).`,
  source: 'Linux net/ipv4/fib_rules.c, ENETUNREACH; ip-route(8)',
});

const circles = (packet: IpPacket): Cause => ({
  reason: `The routes for ${packet.dst} lead in a circle: the packet goes from router to router until its time to live ends.`,
  remedy: 'Make the routes of the routers on the way lead towards the destination.',
  source: 'RFC 1812 5.3.1',
});

/** What is never sent, so that its way leads nowhere but to where it should have come. */
function fall(
  talk: PingTalk,
  stack: IpStack,
  packet: IpPacket,
  cause: Cause,
  isRouted: boolean,
): void {
  const to = talk.end;
  const frame = echoFrame({ ...packet, id: talk.ping.id }, { src: '', dst: '', ttl: packet.ttl });
  talk.spoken.push({
    ...{ name: afterRouter(packet.kind.replace('-', ' '), stack, isRouted) },
    ...{ what: packet.kind, from: stack.hop, to, frame, others: [] },
    way: {
      path: [stack.hop, to],
      frames: [frame, frame],
      prediction: { outcome: 'drop', at: 0, ...cause },
    },
  });
}

interface EchoWay {
  readonly device: Hop;
  readonly to: Hop;
  readonly isRouted: boolean;
  readonly cause?: Cause;
}

function speakEcho(
  talk: PingTalk,
  stack: IpStack,
  packet: IpPacket,
  { device, to, isRouted, cause }: EchoWay,
): Way | undefined {
  const { ping, model } = talk;
  const size = ping.size === undefined ? undefined : packet.size;
  const frame = echoFrame(
    { ...packet, id: ping.id, size },
    { src: device.settings.mac ?? '', dst: to.settings.mac ?? '', ttl: packet.ttl },
  );
  const way = findWay(model, device, to, frame);
  if (!way) {
    fall(talk, stack, packet, cause ?? notJoined(device, to), isRouted);
    return undefined;
  }
  learn(model, way);
  const isDecided = isRouted || cause !== undefined;
  talk.spoken.push({
    name: afterRouter(packet.kind.replace('-', ' '), stack, isRouted),
    what: packet.kind,
    from: device,
    to,
    frame,
    way: isDecided ? fromStack(stack, frame, way, cause) : way,
    others: [],
  });
  return way;
}

const notJoined = (device: Hop, to: Hop): Cause => ({
  reason: `Nothing joins ${device.label} and ${to.label} at layer 2.`,
  remedy: 'Join them by a link, or write a route by a next hop that is there.',
  source: 'RFC 1122 3.3.1',
});
