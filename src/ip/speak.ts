import { findWay, learn } from '../hops/find-way.js';
import type { Way } from '../hops/predict.js';
import { NOWHERE, type Sights } from '../hops/sight.js';
import type { Cause, Hop } from '../hops/types.js';
import type { IpPacket } from './accept.js';
import type { Exchange } from './exchange.js';
import { inwards, outwards, type Passing } from './sights.js';
import type { IpStack } from './stack.js';
import { afterRouter, filteredBy, refused, sentBy, type Talk } from './talk.js';

/** The packets of an exchange as frames on one segment. */

export interface ExchangeTalk extends Talk {
  readonly exchange: Exchange;
}

interface Handling {
  readonly heard: Passing | undefined;
  readonly device: Hop;
  readonly isRouted: boolean;
}

/** Where packet filters of a stack see what it has received, and the packet that it is to send for that. */
export function sightsIn(
  { exchange, tracked }: ExchangeTalk,
  { stack, hop }: IpStack,
  packet: IpPacket,
  { heard, device, isRouted }: Handling,
): Sights {
  const isFirst = packet.message === exchange.messages[0];
  const tracking = { isTracked: tracked.has(stack.id), isFirst };
  return () => {
    const { mac: src = '' } = device.settings;
    const frame = packet.message.frame(packet, { src, dst: '', ttl: packet.ttl });
    const out = isRouted ? device : undefined;
    return [
      ...(heard ? inwards(hop, heard, out, tracking) : []),
      ...outwards(hop, { frame, device }, isRouted ? heard?.device : undefined, tracking),
    ];
  };
}

/** What is never sent, so that its way leads nowhere but to where it should have come. */
export function fall(
  talk: ExchangeTalk,
  stack: IpStack,
  packet: IpPacket,
  cause: Cause,
  isRouted: boolean,
): void {
  const to = talk.end;
  const { message } = packet;
  const frame = message.frame(packet, { src: '', dst: '', ttl: packet.ttl });
  talk.spoken.push({
    ...{ name: afterRouter(message.name, stack, isRouted), what: 'packet', class: message.class },
    ...{ from: stack.hop, to, frame, sights: NOWHERE },
    way: {
      path: [stack.hop, to],
      frames: [frame, frame],
      prediction: { outcome: 'drop', at: 0, ...cause },
    },
  });
}

interface PacketWay {
  readonly device: Hop;
  readonly to: Hop;
  readonly isRouted: boolean;
  readonly cause?: Cause;
  readonly sights: Sights;
}

/** Say a packet on a segment. @returns the way that it takes; nothing where none leads there */
export function speakPacket(
  talk: ExchangeTalk,
  stack: IpStack,
  packet: IpPacket,
  { device, to, isRouted, cause, sights }: PacketWay,
): Way | undefined {
  const { exchange, model } = talk;
  const { message } = packet;
  const size = exchange.size === undefined ? undefined : packet.size;
  const frame = message.frame(
    { ...packet, size },
    { src: device.settings.mac ?? '', dst: to.settings.mac ?? '', ttl: packet.ttl },
  );
  const way = findWay(model, device, to, frame);
  if (!way) {
    fall(talk, stack, packet, cause ?? notJoined(device, to), isRouted);
    return undefined;
  }
  learn(model, way);
  const result = cause ? refused(cause) : filteredBy(talk, sights);
  talk.spoken.push({
    name: afterRouter(message.name, stack, isRouted),
    ...{ what: 'packet', class: message.class },
    from: device,
    to,
    frame,
    way: sentBy(stack, frame, way, result, isRouted),
    sights,
  });
  return way;
}

const notJoined = (device: Hop, to: Hop): Cause => ({
  reason: `Nothing joins ${device.label} and ${to.label} at layer 2.`,
  remedy: 'Join them by a link, or write a route by a next hop that is there.',
  source: 'RFC 1122 3.3.1',
});
