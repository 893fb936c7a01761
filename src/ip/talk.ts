import type { Frame } from '../frames/frame.js';
import type { Model } from '../hops/emit.js';
import type { Way } from '../hops/predict.js';
import type { Cause, Hop } from '../hops/types.js';
import type { IpStack, IpStacks } from './stack.js';

/** What those who talk on the segments of a lab share: who they are, what they have said, whom they know by now. */

/** One frame of the conversation. */
export interface Spoken {
  /** What it is, and after which router: `echo request after r1`. */
  readonly name: string;
  readonly what: 'request' | 'reply' | 'echo-request' | 'echo-reply';
  readonly from: Hop;
  readonly to: Hop;
  readonly frame: Frame;
  /** Begins with the stack that sends it where that stack decides whether it is sent at all. */
  readonly way: Way;
  /** Other ways that it may take as well: several devices answer, and the first one counts. */
  readonly others: readonly Way[];
}

export interface Talk {
  readonly model: Model;
  readonly stacks: IpStacks;
  /** Device at which what is said must arrive in the end. */
  readonly end: Hop;
  /** Who began to talk. */
  readonly origin: IpStack;
  readonly spoken: Spoken[];
  /** MACs that stacks know, by stack, device and address. */
  readonly neighbours: Map<string, Neighbour>;
}

/** Somebody on a segment. */
export interface Neighbour {
  readonly mac: string;
  readonly device: Hop;
}

/** The name of a neighbour in the memory of a stack. */
export const keyOf = ({ stack }: IpStack, device: Hop, ip: string): string =>
  `${stack.id} ${device.id} ${ip}`;

/** What a packet is called that a router has handed on. */
export const afterRouter = (name: string, stack: IpStack, isRouted: boolean): string =>
  isRouted ? `${name} after ${stack.stack.id}` : name;

/** A way that begins at the stack: it decides whether anything is sent. */
export const fromStack = (stack: IpStack, frame: Frame, way: Way, cause?: Cause): Way => ({
  path: [stack.hop, ...way.path],
  frames: [frame, ...way.frames],
  prediction: cause ? { outcome: 'drop', at: 0, ...cause } : shifted(way.prediction),
});

function shifted(prediction: Way['prediction']): Way['prediction'] {
  if (prediction.outcome === 'pass') return prediction;
  const at = prediction.at + 1;
  if (prediction.outcome === 'drop') return { ...prediction, at };
  return { ...prediction, at, rest: shifted(prediction.rest) };
}

/** A frame with a tag is not for the stack of a device that has no VLAN device of that number. */
export function untaken({ frames }: Way, device: Hop): Cause | undefined {
  const vlan = frames.at(-1)?.vlans[0]?.id;
  if (vlan === undefined || vlan === 0) return undefined;
  return {
    reason: `It comes to ${device.label} with the tag of VLAN ${vlan}, and ${device.label} has no VLAN device of that number: its stack does not take the frame.`,
    remedy: `Make ${vlan} the \`pvid\` of the port that leads to ${device.label}, or put a VLAN device ${vlan} on ${device.label}.`,
    source:
      'Linux net/core/dev.c: __netif_receive_skb_core (PACKET_OTHERHOST behind vlan_do_receive); IEEE 802.1Q-2018 6.9',
  };
}
