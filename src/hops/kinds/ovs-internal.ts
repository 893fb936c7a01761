import { refusesToSend } from '../limits.js';
import { includes } from '../onward.js';
import { defineHop, PASS, type Hop, type Place } from '../types.js';

/** The bridge hands up what leaves by this port; what its stack sends enters there. */
const throughBridge = (
  { masters, uppers }: Place,
  from: Hop | undefined,
): readonly (Hop | undefined)[] =>
  from && includes(masters, from) ? [...uppers, undefined] : masters;

/** The port of an Open vSwitch bridge that is the bridge's own device: net/openvswitch/vport-internal_dev.c. */
export const ovsInternal = defineHop({
  kind: 'ovs-internal',
  doc: "The device of an Open vSwitch bridge, by which the stack around it takes part: the port LOCAL. It belongs to no cable, and takes what the bridge's flows give it.",
  drops: ['everything while it is down', 'what a program sends on it beyond its MTU'],
  observable: ({ hop }) => hop.settings.down !== true,
  next: throughBridge,
  forward: (crossing, frame) => refusesToSend(crossing, frame) ?? PASS,
});
