import { openness } from '../device.js';
import { carrierBelow, isDown, tooLongToSend } from '../limits.js';
import { claims, permitsOf, takes, type MacvlanSettings } from '../macvlan.js';
import { fromLower } from '../macvlan-siblings.js';
import { includes } from '../onward.js';
import { defineHop, PASS } from '../types.js';

/** A macvlan on a lower device: drivers/net/macvlan.c. What is in its namespace joins groups on the device itself. */
export const macvlan = defineHop<MacvlanSettings>({
  kind: 'macvlan',
  doc: 'A macvlan in a namespace: lets everything out, and in what is for its own MAC (in mode passthru for any), broadcast, and the groups that it has joined. Mode source takes all that comes from listed MACs, and nothing else.',
  drops: [
    'what it sends in mode vepa, private or source to another one on the same lower device, unless the neighbour reflects it (hairpin)',
    'inwards unicast for another MAC, in every mode but passthru and source; promiscuous mode does not change it',
    'inwards groups that it has not joined, unless `allmulticast` or `promisc`; by chance about one device in a hundred lets a class through',
    'inwards PAUSE, unless in mode source',
    'in mode source everything from a MAC that is not listed',
    'what a program sends beyond its MTU',
  ],
  // 10 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  permits: permitsOf,
  claims,
  family: 'macvlan',
  fromLower,
  carrier: carrierBelow,
  observable: () => true,
  forward: ({ hop, place, from }, frame) =>
    isDown(hop) ??
    (from ? undefined : tooLongToSend(frame, hop)) ??
    (from && includes(place.lowers, from) ? takes(hop, frame, frame.joined === true) : PASS),
  actual: (_, device) => openness(device),
});
