import { openness } from '../device.js';
import { claims, fromLower, leaves, routable, takes, type IpvlanSettings } from '../ipvlan.js';
import { carrierBelow, isDown, tooLongToSend } from '../limits.js';
import { comesIn } from '../onward.js';
import { defineHop } from '../types.js';

/** An ipvlan on a lower device: drivers/net/ipvlan/. */
export const ipvlan = defineHop<IpvlanSettings>({
  kind: 'ipvlan',
  doc: 'An ipvlan: it has the MAC of its lower device, and gets what is for an IP address of its own. In mode l2 it sends and hears broadcasts, and groups that it has joined. In mode l3 what it sends is routed by the stack of the lower device, without a hop being counted; in mode l3s what it receives is, too.',
  drops: [
    'inwards unicast that is for no IP address of its own',
    'inwards in mode l2 groups that it has not joined, unless `allmulticast`; by chance about one in a hundred classes comes through',
    'in mode l3 and l3s broadcast, multicast, and what is not IP',
    'with the flag private, packets for another one on the same lower device; in mode l2 they hear each other’s broadcasts all the same',
    'what a program sends beyond its MTU',
  ],
  // 10 Gbit/s of a veth below: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  carrier: carrierBelow,
  // In mode l3s a packet becomes its own behind the captures (ipvlan_l3s.c, ipvlan_nf_input).
  observable: ({ hop, from }) =>
    hop.settings.mode !== 'l3s' || from === undefined || from.stack === hop.stack,
  family: 'ipvlan',
  isHandedOverUnseen: true,
  routesBelow: ({ settings }) => settings.mode !== 'l2',
  claims,
  leaves,
  fromLower,
  forward: (crossing, frame) =>
    isDown(crossing.hop) ??
    (crossing.from ? undefined : tooLongToSend(frame, crossing.hop)) ??
    (comesIn(crossing) ? takes(crossing.hop, frame) : routable(crossing.hop, frame)),
  actual: (_, device) => openness(device),
});
