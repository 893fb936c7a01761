import { z } from 'zod';
import { defineDevice } from '../define.js';
import { ipvlanFields, ipvlanOf } from '../ipvlan.js';

/** An ipvtap inside a node: drivers/net/ipvlan/ipvtap.c, ip-link(8) `type ipvtap`. */
export const ipvtap = defineDevice({
  kind: 'ipvtap',
  title: 'ipvtap in a node',
  doc: `An ipvlan that a program may open by a file, \`/dev/tapN\` with the number of the device. While nobody has it open it is an ipvlan: what it
receives is its stack's (drivers/net/tap.c, tap_handle_frame). As soon as somebody has, that one gets all of it, and the stack nothing more.`,
  example: `{ kind: ipvtap, name: c1:eth0, lower: eth1, mode: l2 }`,
  schema: z.strictObject({ kind: z.literal('ipvtap'), ...ipvlanFields }),
  ...ipvlanOf('ipvtap'),
});
