import { DEFAULT_TTL } from '../frames/values.js';
import type { Model } from '../hops/emit.js';
import { NOWHERE, together } from '../hops/sight.js';
import type { Cause, Hop } from '../hops/types.js';
import type { Choose } from './courses.js';
import { badSource, refusesToForward, sunk, type IpPacket } from './accept.js';
import { askingFor, takerAt, type Asking } from './below.js';
import { circles, noRoute, rejected } from './endings.js';
import type { Exchange } from './exchange.js';
import { cut, tooLongForOwn } from './fragments.js';
import { ownerOf, resolve, type Answerer, type Question } from './resolve.js';
import { routeTo, sourceOn, type Decision } from './routes.js';
import type { Passing } from './sights.js';
import { fall, sightsIn, speakPacket, type ExchangeTalk } from './speak.js';
import { ttlOf, type IpStack, type IpStacks } from './stack.js';
import { filteredBy, keyOf, newTalk, untaken, type Spoken } from './talk.js';

/** An exchange as the frames that it takes, segment by segment: who asks whom, who forwards, who answers. */

/** The most routers that a packet crosses here: what has not arrived by then goes in circles. */
const MOST_ROUTERS = 32;

/** The frames of an exchange in their order, as far as it gets; the last one tells where it ends. Pure. */
export function converse(
  model: Model,
  stacks: IpStacks,
  exchange: Exchange,
  choose: Choose = () => 0,
): readonly Spoken[] {
  const talk: ExchangeTalk = { exchange, ...newTalk(model, stacks, exchange, choose) };
  const { family, source, target, dontFragment, size = 84, stack } = exchange;
  let begun: Arrived = { stack, received: undefined, refusal: undefined };
  let asked: Arrived | undefined;
  for (const message of exchange.messages) {
    const { isAnswer } = message;
    const by = isAnswer && asked ? asked : begun;
    const packet: IpPacket = {
      ...{ family, message, size },
      ...(isAnswer ? { src: target, dst: source } : { src: source, dst: target }),
      ttl: (isAnswer ? undefined : exchange.ttl) ?? ttlOf(by.stack, family, DEFAULT_TTL),
      // The kernel lets routers cut its answers: net/ipv4/icmp.c, icmp_sk_init (IP_PMTUDISC_DONT).
      dontFragment: dontFragment && !isAnswer,
    };
    const refusal = by.refusal ?? (isAnswer ? exchange.refusal?.(by.stack) : undefined);
    const end = isAnswer ? (talk.spoken[0]?.from ?? exchange.end) : exchange.end;
    const there = send({ ...talk, end }, by.stack, packet, by.received, refusal);
    if (!there) break;
    if (isAnswer) begun = there;
    else asked = there;
  }
  return talk.spoken;
}

/** Where a packet has come to, and why that stack will have nothing to do with it. */
interface Arrived {
  readonly stack: IpStack;
  /** As what, and by which device; nothing where it has never left its stack. */
  readonly received: Passing | undefined;
  readonly refusal: Cause | undefined;
}

/**
 * Send a packet from stack to stack until one has its destination.
 * @param received - what the first stack has got before, to which this is the answer
 * @param refusal - why the first stack does not send it
 * @returns nothing where it ends on the way
 */
function send(
  talk: ExchangeTalk,
  origin: IpStack,
  sent: IpPacket,
  received?: Passing,
  refusal?: Cause,
): Arrived | undefined {
  let [stack, packet, cause]: [IpStack, IpPacket, Cause | undefined] = [origin, sent, refusal];
  let heard = received;
  for (let router = 0; router < MOST_ROUTERS; router += 1) {
    const isRouted = router > 0;
    if (!packet.message.isAnswer) talk.tracked.add(stack.stack.id);
    const cameBy = isRouted ? heard?.device : undefined;
    const { dst, src } = packet;
    const decision = isRouted
      ? routeTo(stack, { dst, src, iif: cameBy })
      : firstStep(talk, stack, packet, heard?.device);
    if (decision.kind === 'local') return { stack, received: heard, refusal: cause };
    if (decision.kind !== 'out') {
      cause ??=
        decision.kind === 'none'
          ? noRoute(stack, packet.dst, packet.message.name)
          : rejected(stack, packet, decision, cameBy);
      fall(talk, stack, packet, cause, isRouted);
      return undefined;
    }
    const { device, nextHop } = decision;
    if (cameBy) {
      cause ??= refusesToForward(stack, cameBy, device, packet);
      packet = { ...packet, ttl: packet.ttl - 1 };
    } else cause ??= tooLongForOwn(stack, device, packet);
    cause ??= sunk(device, packet.dst);
    const sent = { stack, device, nextHop, route: decision.route };
    const asking = cause ? sent : askingFor(talk, sent, packet);
    if ('cause' in asking) cause = asking.cause;
    const sights = sightsIn(talk, stack, packet, { heard, device, isRouted });
    const filter = filteredBy(talk, sights);
    if (filter.action === 'drop') cause ??= filter;
    packet = cut(packet, device, isRouted);
    if (cause) {
      const known = talk.neighbours.get(keyOf(stack, device, nextHop));
      const to = known ?? ownerOf(talk, device, nextHop) ?? talk.end;
      speakPacket(talk, stack, packet, { device, to, isRouted, cause, sights });
      return undefined;
    }
    const found = neighbourOf(talk, asking, packet, { isRouted, wanted: sights });
    if (!found) return undefined;
    const to = takerAt(talk, packet, found.device);
    const seen = together(found.heard, sights);
    const { deaf } = found;
    const way = speakPacket(talk, stack, packet, {
      ...{ device, to, isRouted, sights: seen },
      ...(deaf && { cause: deaf }),
    });
    if (deaf) return undefined;
    const [next, frame] = [talk.stacks.get(to.stack), way?.frames.at(-1)];
    if (!way || !frame || !next) return undefined;
    cause = untaken(talk.model, way, to) ?? badSource(next, to, packet);
    [stack, heard] = [next, { frame, device: to }];
  }
  fall(talk, stack, packet, circles(packet), true);
  return undefined;
}

/** The device at which a packet arrives next: the one that is known to get it, or whoever answers for the next hop. */
function neighbourOf(
  talk: ExchangeTalk,
  asking: Asking,
  { src }: IpPacket,
  about: Pick<Question, 'isRouted' | 'wanted'>,
): Answerer | undefined {
  if ('to' in asking) return { device: asking.to, heard: NOWHERE };
  if ('cause' in asking) return undefined;
  const { stack, device, nextHop: target } = asking;
  const isOwn = stack.addresses.some(({ ip }) => ip === src);
  const sender = isOwn ? src : (sourceOn(stack, device, target) ?? src);
  return resolve(talk, { ...asking, ...about, sender, target });
}

/**
 * The way of what a stack sends itself. A socket that is bound to a device sends by it, and asks on the segment for what no
 * route by it leads to. What is answered in IPv6 leaves by the device that it came by where routes are alike
 * (net/ipv6/icmp.c, icmpv6_echo_reply).
 * @param by - device by which came what is answered
 */
function firstStep(
  { exchange: { bound, stack: begins, target } }: ExchangeTalk,
  stack: IpStack,
  { dst, src, family }: IpPacket,
  by: Hop | undefined,
): Decision {
  if (!bound || stack !== begins || dst !== target)
    return routeTo(stack, { dst, src, oif: family === 6 ? by : undefined, within: by });
  const decision = routeTo(stack, { dst, src, oif: bound, isBound: true });
  const isVrf = stack.vrfs.some((vrf) => vrf.device === bound.device);
  if (decision.kind === 'local' || decision.kind === 'out' || isVrf) return decision;
  return { kind: 'out', device: bound, nextHop: dst, route: () => `dev ${bound.device}` };
}
