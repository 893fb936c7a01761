import { echoFrame } from '../frames/values.js';
import { findWay, learn } from '../hops/find-way.js';
import type { Way } from '../hops/predict.js';
import { NOWHERE, type Sights } from '../hops/sight.js';
import type { Cause, Hop } from '../hops/types.js';
import type { IpPacket } from './accept.js';
import { inwards, outwards, type Passing } from './sights.js';
import type { IpStack } from './stack.js';
import { afterRouter, filteredBy, refused, sentBy, type Talk } from './talk.js';

/** The echoes of a ping as frames on one segment. */

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

export interface PingTalk extends Talk {
  readonly ping: Ping;
}

interface Handling {
  readonly heard: Passing | undefined;
  readonly device: Hop;
  readonly isRouted: boolean;
}

/** Where packet filters of a stack see what it has received, and the packet that it is to send for that. */
export function sightsIn(
  { ping, tracked }: PingTalk,
  { stack, hop }: IpStack,
  packet: IpPacket,
  { heard, device, isRouted }: Handling,
): Sights {
  const tracking = { isTracked: tracked.has(stack.id) };
  return () => {
    const { id } = ping;
    const { mac: src = '' } = device.settings;
    const frame = echoFrame({ ...packet, id }, { src, dst: '', ttl: packet.ttl });
    const out = isRouted ? device : undefined;
    return [
      ...(heard ? inwards(hop, heard, out, tracking) : []),
      ...outwards(hop, { frame, device }, isRouted ? heard?.device : undefined, tracking),
    ];
  };
}

/** What is never sent, so that its way leads nowhere but to where it should have come. */
export function fall(
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
    ...{ what: packet.kind, from: stack.hop, to, frame, sights: NOWHERE },
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
  readonly sights: Sights;
}

/** Say an echo on a segment. @returns the way that it takes; nothing where none leads there */
export function speakEcho(
  talk: PingTalk,
  stack: IpStack,
  packet: IpPacket,
  { device, to, isRouted, cause, sights }: EchoWay,
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
  const result = cause ? refused(cause) : filteredBy(talk, sights);
  talk.spoken.push({
    name: afterRouter(packet.kind.replace('-', ' '), stack, isRouted),
    what: packet.kind,
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
