import { z } from 'zod';
import { defineDevice } from '../define.js';
import { macvlanFields, macvlanOf } from '../macvlan.js';

/** A macvlan inside a node: drivers/net/macvlan.c, ip-link(8) `type macvlan`. */
export const macvlan = defineDevice({
  kind: 'macvlan',
  title: 'macvlan in a node',
  doc: `A device with a MAC of its own on another one, often in an inner namespace. Who hears whom of several on one lower device
depends on their modes. The lower device keeps its stack and addresses, but nobody on top of it ever reaches that stack, nor is reached
by it, in whatever mode: what is sent leaves by the lower device. The way round is a macvlan in mode bridge for the node itself, with the
address on that.`,
  example: `{ kind: macvlan, name: c1:eth0, lower: eth1, mode: bridge }`,
  schema: z.strictObject({ kind: z.literal('macvlan'), ...macvlanFields }),
  ...macvlanOf('macvlan'),
});
