import { nextOf, takerOf } from '../hops/emit.js';
import { rulesOf } from '../hops/kinds/index.js';
import { drop } from '../hops/outcome.js';
import type { Cause, Hop } from '../hops/types.js';
import { deliveriesOf, walk } from '../hops/walk.js';
import type { IpPacket } from './accept.js';
import { noRoute } from './endings.js';
import { routeTo } from './routes.js';
import type { IpStack } from './stack.js';
import type { ExchangeTalk } from './speak.js';
import { untaken } from './talk.js';

/** Devices that ask nobody for a MAC: the stack of the device below routes what they send, and they share its MAC, or they have none. */

/** Who asks for the next hop of a packet, and at which device; or the device that gets it without a question. */
export type Asking =
  | {
      readonly stack: IpStack;
      readonly device: Hop;
      readonly nextHop: string;
      readonly route?: () => string;
    }
  | { readonly to: Hop }
  | { readonly cause: Cause };

const asFrame = (packet: IpPacket, { settings: { mac = '' } }: Hop) =>
  packet.message.frame(packet, { src: mac, dst: mac, ttl: packet.ttl });

/** Where a packet comes out that is sent by a device without MACs; where it would, if something keeps it from that. */
function atOtherEnd(talk: ExchangeTalk, packet: IpPacket, device: Hop): Asking {
  const { model, end } = talk;
  const [delivery] = deliveriesOf(walk(model, device, asFrame(packet, device)));
  const cause = delivery && untaken(model, delivery.way, delivery.device);
  if (delivery) return cause ? { cause } : { to: delivery.device };
  const far = [...model.graph.hops.values()].filter(
    ({ id, settings }) =>
      settings.isLayer3 && id !== device.id && model.graph.isJoined(device.id, id),
  );
  const to = far.find(({ id }) => id === end.id) ?? far[0];
  return to ? { to } : { cause: nobody(device) };
}

const nobody = ({ label }: Hop): Cause =>
  drop(
    `No other end of ${label} is in the lab: nobody takes what it sends.`,
    `Give the address that ${label} sends to the same kind of device.`,
    'RFC 1122 3.2.1.3',
  );

/** Where a packet goes that is sent by a device. */
export function askingFor(
  talk: ExchangeTalk,
  sent: Extract<Asking, { device: Hop }>,
  packet: IpPacket,
): Asking {
  const { model, stacks } = talk;
  const { device } = sent;
  if (device.settings.isLayer3) return atOtherEnd(talk, packet, device);
  const [lower] = model.graph.place(device.id).lowers;
  const stack = lower && stacks.get(lower.stack);
  if (!stack || rulesOf(device.kind).routesBelow?.(device) !== true) return sent;
  const place = model.graph.place(lower.id);
  const [first] = nextOf(model, place, device, asFrame(packet, device));
  if (first === undefined) return { to: lower };
  if (place.uppers.some(({ id }) => id === first.id)) return { to: first };
  const decision = routeTo(stack, { dst: packet.dst, src: packet.src, oif: lower });
  return decision.kind === 'out'
    ? { stack, ...decision }
    : { cause: noRoute(stack, packet.dst, packet.message.name) };
}

/** The device whose a packet is that comes to the MAC of a device: that one's, or one's on top of it. */
export const takerAt = ({ model }: ExchangeTalk, packet: IpPacket, device: Hop): Hop =>
  model.graph.place(device.id).uppers.length === 0
    ? device
    : takerOf(model, device, asFrame(packet, device));
