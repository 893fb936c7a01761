import type { Frame } from '../frames/frame.js';
import { nextOf, type Model } from '../hops/emit.js';
import { filtered } from '../hops/filtering.js';
import { remembering } from '../hops/model.js';
import { includes } from '../hops/onward.js';
import type { Way } from '../hops/predict.js';
import { byChance, type Prediction } from '../hops/prediction.js';
import type { Sights } from '../hops/sight.js';
import { PASS, type Cause, type Forwarding, type Hop } from '../hops/types.js';
import type { Choose } from './courses.js';
import type { Message } from './exchange.js';
import type { IpStack, IpStacks } from './stack.js';

/** What those who talk on the segments of a lab share: who they are, what they have said, whom they know by now. */

/** One frame of the conversation. */
export interface Spoken {
  /** What it is, and after which router: `echo request after r1`. */
  readonly name: string;
  readonly what: 'request' | 'reply' | 'packet';
  readonly class: Message['class'];
  readonly from: Hop;
  readonly to: Hop;
  readonly frame: Frame;
  /** Begins with the stack that sends it where that stack decides whether it is sent at all. */
  readonly way: Way;
  /** Where packet filters of the stack that sends it see it, and what it is sent for, before it goes out. */
  readonly sights: Sights;
}

export interface Talk {
  readonly model: Model;
  readonly stacks: IpStacks;
  /** Device at which what is said must arrive in the end. */
  readonly end: Hop;
  /** Who began to talk. */
  readonly origin: IpStack;
  readonly spoken: Spoken[];
  /** Devices whose MACs stacks know, by stack, device and address. */
  readonly neighbours: Map<string, Hop>;
  /** Stacks that have seen the echo request: they know whose the reply is. */
  readonly tracked: Set<string>;
  /** Whose answer comes first. */
  readonly choose: Choose;
}

/** A talk in which nobody has said anything. */
export const newTalk = (
  model: Model,
  stacks: IpStacks,
  { stack: origin, end }: { readonly stack: IpStack; readonly end: Hop },
  choose: Choose,
): Talk => ({
  model: remembering(model),
  stacks,
  end,
  origin,
  spoken: [],
  neighbours: new Map(),
  tracked: new Set(),
  choose,
});

/** The name of a neighbour in the memory of a stack. */
export const keyOf = ({ stack }: IpStack, device: Hop, ip: string): string =>
  `${stack.id} ${device.id} ${ip}`;

/** What a packet is called that a router has handed on. */
export const afterRouter = (name: string, stack: IpStack, isRouted: boolean): string =>
  isRouted ? `${name} after ${stack.stack.id}` : name;

/** What the packet filters of the file do with a packet at some places. */
export const filteredBy = ({ model: { world } }: Pick<Talk, 'model'>, sights: Sights): Forwarding =>
  (world.filters.size > 0 && filtered(world.filters, sights())) || PASS;

/** What a stack does that has a reason not to send. */
export const refused = (cause: Cause): Forwarding => ({ action: 'drop', ...cause });

/**
 * A way that begins at the stack: it decides whether anything is sent.
 * @param result - what it decides
 */
const fromStack = (
  { hop }: IpStack,
  frame: Frame,
  { path, frames, prediction }: Way,
  result: Forwarding,
): Way => ({
  path: [hop, ...path],
  frames: [frame, ...frames],
  prediction: begun(result, shifted(prediction)),
});

/** What becomes of a frame of which its stack decides so. */
function begun(result: Forwarding, rest: Prediction): Prediction {
  if (result.action === 'pass') return rest;
  if (result.action === 'chance') return byChance(result, 0, rest);
  const { reason, remedy, source } = result;
  return { outcome: 'drop', at: 0, reason, remedy, source };
}

/** A way that begins at the device that sends, or at the stack where that decides: a router always does. */
export const sentBy = (
  stack: IpStack,
  frame: Frame,
  way: Way,
  result: Forwarding,
  isRouted = false,
): Way => (isRouted || result.action !== 'pass' ? fromStack(stack, frame, way, result) : way);

function shifted(prediction: Prediction): Prediction {
  if (prediction.outcome === 'pass') return prediction;
  const at = prediction.at + 1;
  if (prediction.outcome === 'drop') return { ...prediction, at };
  return { ...prediction, at, rest: shifted(prediction.rest) };
}

/** Why the stack of a device to which a way leads does not take what comes there; nothing where it does. */
export const untaken = (model: Model, way: Way, device: Hop): Cause | undefined =>
  strangeTag(way, device) ??
  stillInside(way, device) ??
  passingBelow(model, way, device) ??
  takenByMaster(model, way, device);

/** A frame with a tag is not for the stack of a device that has no VLAN device of that number. */
function strangeTag({ frames }: Way, device: Hop): Cause | undefined {
  const vlan = frames.at(-1)?.vlans[0]?.id;
  if (vlan === undefined || vlan === 0) return undefined;
  return {
    reason: `It comes to ${device.label} with the tag of VLAN ${vlan}, and ${device.label} has no VLAN device of that number: its stack does not take the frame.`,
    remedy: `Make ${vlan} the \`pvid\` of the port that leads to ${device.label}, or put a VLAN device ${vlan} on ${device.label}.`,
    source:
      'Linux net/core/dev.c: __netif_receive_skb_core (PACKET_OTHERHOST behind vlan_do_receive); IEEE 802.1Q-2018 6.9',
  };
}

/** What travels in a packet that is for somebody else, or is sealed. */
function stillInside({ frames }: Way, device: Hop): Cause | undefined {
  const { inner, sealed } = frames.at(-1) ?? {};
  if (sealed)
    return {
      reason: `It comes to ${device.label} inside a MACsec frame, and no MACsec device on ${device.label} knows the channel ${sealed.sci} of its sender.`,
      remedy: `Put a MACsec device on ${device.label} that has the sender among its \`peers\`.`,
      source: 'Linux drivers/net/macsec.c: macsec_handle_frame; IEEE 802.1AE-2018 10.6',
    };
  if (!inner) return undefined;
  return {
    reason: `It comes to ${device.label} inside a packet of a tunnel, and no tunnel of ${device.stack} takes that.`,
    remedy: `Give ${device.stack} the other end of the tunnel.`,
    source: 'RFC 1122 3.2.1.3',
  };
}

/** What a device on top of another one sends goes out by that one, past the stack that owns it. */
function passingBelow(model: Model, { path, frames }: Way, device: Hop): Cause | undefined {
  const [from, frame] = [path.at(-2), frames.at(-1)];
  const place = model.graph.place(device.id);
  if (!from || !frame || !includes(place.uppers, from)) return undefined;
  if (nextOf(model, place, from, frame).includes(undefined)) return undefined;
  return {
    reason: `${from.label} is on top of ${device.label}: what it sends leaves by ${device.label} and is never handed to the stack that ${device.label} belongs to.`,
    remedy: `Give ${device.stack} a device of the same kind on ${device.label} (a macvlan in mode bridge), and the address to that.`,
    source:
      'Linux net/core/dev.c: dev_queue_xmit of the lower device; drivers/net/macvlan.c: macvlan_queue_xmit',
  };
}

/** What comes into a port is for the switch, and its stack gets it, if at all, as what has come to the device of the switch. */
export function takenByMaster(model: Model, { path, frames }: Way, device: Hop): Cause | undefined {
  const [from, frame] = [path.at(-2), frames.at(-1)];
  const place = model.graph.place(device.id);
  const [master] = place.masters;
  if (!from || !frame || !master || nextOf(model, place, from, frame).includes(undefined))
    return undefined;
  return {
    reason: `${device.label} is a port of ${master.label}, which takes all that comes in there: ${device.stack} hears no answer at ${device.label} itself, and gives none there.`,
    remedy: `Give the addresses and routes of ${device.label} to ${master.label}.`,
    source:
      'Linux net/core/dev.c: __netif_receive_skb_core (rx_handler); net/bridge/br_input.c: br_pass_frame_up; net/ipv6/ndisc.c: ndisc_recv_ns',
  };
}
