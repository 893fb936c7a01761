import { z } from 'zod';
import { FRAME_CLASSES } from '../../frames/classes.js';
import { frameTemplates } from '../../frames/templates/index.js';
import { defineProbe } from '../define.js';
import { prepareGenerated } from '../generated.js';

/** What was asked for, in words. */
const variantOf = (asked: {
  readonly class: string;
  readonly vlan?: number | undefined;
  readonly payload?: number | undefined;
}): string =>
  [
    asked.class,
    ...(asked.vlan === undefined ? [] : [`VLAN ${asked.vlan}`]),
    ...(asked.payload === undefined ? [] : [`${asked.payload} octets`]),
  ].join(', ');

/** One generated frame of a class, sent by trafgen(8). */
export const frame = defineProbe({
  kind: 'frame',
  title: 'generated frame',
  doc: `trafgen sends one frame of a class at \`from\`, with a token by which it is known at every hop. It stands for
the protocol and is no partner in it: its addresses are those of documentation, it holds for no time, and nobody answers. What
the receiver of such frames would do for them is done while the probe runs, and no more: the group that they go to is joined
on the device of \`to\` (but for PAUSE, which no program asks for). By a device that has no header of Ethernet it is sent without one. A frame for a foreign MAC or with a tag gets no such help: a guest's
NIC takes it only where the guest's port is promiscuous, as a port of a bridge is.`,
  schema: z.strictObject({
    probe: z.literal('frame'),
    class: z.enum(FRAME_CLASSES).describe('Class of the frame'),
    vlan: z
      .int()
      .min(1)
      .max(4094)
      .optional()
      .describe('Tag the frame with this VLAN; of class `vlan-tagged` it is 100 when left out'),
    payload: z
      .int()
      .min(46)
      .max(65535)
      .optional()
      .describe(
        'Octets after the header and the tag, to which the frame is padded; the MTU of the sending device for class `mtu`, one more for `over-mtu`, else 46',
      ),
  }),
  // `vlan` of pcap-filter(7) would shift the rest. A tag is seen where a program sent it, and set apart by the kernel further on.
  filter:
    'ether[12:2] <= 1500 or ether proto 0x88cc or ether proto 0x8809 or ether proto 0x888e or ether proto 0x8808 or ether proto 0x8100 or ether proto 0x88b5 or arp or icmp or icmp6 or igmp or udp port 5353',
  oneWay: true,
  programs: ['trafgen'],
  prepare: (check, ends, around) =>
    prepareGenerated(
      {
        ...{ kind: 'frame', class: check.class, variant: variantOf(check) },
        ...{ recipe: frameTemplates[check.class], changes: check },
        key: [check.class, check.vlan, check.payload],
      },
      check,
      ends,
      around,
    ),
});
