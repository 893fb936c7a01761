import { z } from 'zod';
import { defineDevice } from '../define.js';
import { ipvlanFields, ipvlanOf } from '../ipvlan.js';

/** An ipvlan inside a node: drivers/net/ipvlan/, ip-link(8) `type ipvlan`. */
export const ipvlan = defineDevice({
  kind: 'ipvlan',
  title: 'ipvlan in a node',
  doc: `A device with the MAC of another one, often in an inner namespace: a switch sees one MAC, however many there are. Their IP
addresses tell them apart. Mode l2 is like a macvlan in mode bridge. In mode l3 the stack of the lower device routes what they send, as
if it were its own: without a hop, without ARP, and without broadcast or multicast; others need routes to their prefixes. Mode l3s lets the
packet filter and the connection tracking of that stack see all of it. All on one lower device have the same mode and flag.`,
  example: `{ kind: ipvlan, name: c1:eth0, lower: eth1, mode: l2 }`,
  schema: z.strictObject({ kind: z.literal('ipvlan'), ...ipvlanFields }),
  ...ipvlanOf('ipvlan'),
});
