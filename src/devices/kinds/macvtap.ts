import { z } from 'zod';
import { defineDevice } from '../define.js';
import { macvlanFields, macvlanOf } from '../macvlan.js';

/** A macvtap inside a node: drivers/net/macvtap.c, ip-link(8) `type macvtap`. */
export const macvtap = defineDevice({
  kind: 'macvtap',
  title: 'macvtap in a node',
  doc: `A macvlan that a program may open by a file, \`/dev/tapN\` with the number of the device. While nobody has it open it is a macvlan: what it
receives is its stack's (drivers/net/tap.c, tap_handle_frame). As soon as somebody has, that one gets all of it, and the stack nothing more. A macvtap that libvirt
makes for a guest is a link of the kind \`macvtap\`.`,
  example: `{ kind: macvtap, name: c1:eth0, lower: eth1, mode: bridge }`,
  schema: z.strictObject({ kind: z.literal('macvtap'), ...macvlanFields }),
  ...macvlanOf('macvtap'),
});
