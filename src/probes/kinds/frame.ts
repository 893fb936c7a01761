import { z } from 'zod';
import { isGroup } from '../../frames/mac.js';
import { FRAME_CLASSES } from '../../frames/classes.js';
import { decodeFrame } from '../../frames/decode.js';
import type { Frame } from '../../frames/frame.js';
import type { Way } from '../../hops/predict.js';
import { macAddress, tag } from '../../plan/names.js';
import type { Lab } from '../../topology/lab.js';
import { defineProbe, type Endpoint, type Leg } from '../define.js';
import { ascii } from '../../frames/templates/bytes.js';
import { buildFrame, type BuiltFrame } from '../../frames/templates/build.js';
import { TOKEN_LENGTH } from '../../frames/templates/define.js';
import { frameTemplates } from '../../frames/templates/index.js';
import { singleEnd, wayOf } from '../single.js';
import { trafgen } from '../trafgen.js';

/** Ethernet's own MTU, where nothing else is said. */
const DEFAULT_MTU = 1500;

/** The MTU of a device in octets, as far as the lab says. */
function mtuOf(lab: Lab, { stack, device, hop }: Endpoint): number {
  if (typeof hop.settings.mtu === 'number') return hop.settings.mtu;
  const ports = lab.nodes.flatMap((node) => node.ports);
  return ports.find(({ ref }) => ref === `${stack.id}:${device}`)?.mtu ?? DEFAULT_MTU;
}

/** Octets of the header of Ethernet: IEEE 802.3, 3.1.1. */
const HEADER = 14;

/**
 * A frame is known by the token in it, whatever its tag has become: a bridge that filters VLANs adds and takes tags. A
 * packet that no header of Ethernet stands before has no address of that.
 */
const legOf = (
  what: Pick<Leg, 'name' | 'class' | 'from' | 'to'>,
  way: Way,
  spec: Frame,
  token: string,
): Leg => ({
  ...what,
  frame: spec,
  isMadeUp: true,
  matches: ({ bytes, dst, etherType }) =>
    (what.from.settings.isLayer3 ? etherType === spec.etherType : dst === spec.dst) &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(token, 0, 'latin1'),
  ...way,
});

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
  prepare(check, ends, { lab, model }) {
    const from = singleEnd(ends, 'from', 'A frame leaves by');
    const to = singleEnd(ends, 'to', 'A frame is for');
    if (!('hop' in from)) return [from];
    if (!('hop' in to)) return [to];
    const place = [lab.name, check.class, from.hop.id, to.hop.id, check.vlan, check.payload];
    const token = tag(TOKEN_LENGTH, 'frame', ...place.map(String));
    const template = frameTemplates[check.class];
    const built: BuiltFrame = buildFrame(
      template,
      {
        src: from.mac,
        own: to.mac,
        foreign: macAddress(lab.name, to.hop.id, 'foreign'),
        token: ascii(token),
        mtu: mtuOf(lab, from),
      },
      check,
    );
    const { dst, payload } = built;
    const joined = template.joins && isGroup(dst);
    const { length, bytes, ...read } = decodeFrame(built.bytes);
    const spec: Frame = { ...read, payload, ...(joined && { joined }) };
    const way = wayOf(model, from, to, spec);
    if (!('prediction' in way)) return [way];
    return {
      kind: 'frame',
      variant: variantOf(check),
      check,
      from,
      to,
      courses: [
        [
          legOf(
            { name: template.title, class: check.class, from: from.hop, to: to.hop },
            ...([way, spec, token] as const),
          ),
        ],
      ],
      send: {
        stack: from.stack,
        argv: from.hop.settings.isLayer3
          ? trafgen(from.device, built.bytes.subarray(HEADER), true)
          : trafgen(from.device, built.bytes),
        timeout: 10_000,
      },
      // Two checks that ask the same would take each other's frame for their own.
      uses: [`frame ${token}`],
      ...(joined &&
        to.hop.settings.isLayer3 !== true && {
          joins: [{ stack: to.stack, device: to.device, group: dst }],
        }),
    };
  },
});
