import { z } from 'zod';
import type { Stack } from '../../topology/lab.js';
import { frameOf } from '../../frames/make.js';
import type { Frame } from '../../frames/frame.js';
import { defineProbe, type Endpoint, type Invocation } from '../define.js';
import { singleEnd, wayOf } from '../single.js';

/** Nearest bridge group address: IEEE 802.1AB-2016, 7.1. */
export const NEAREST_BRIDGE = '01:80:c2:00:00:0e';

/** ladvd in the foreground, for LLDP, also on devices that are no hardware. */
const LADVD: readonly string[] = ['ladvd', '-f', '-L', '-t'];

/** Let a device send one advertisement. One device each: with several, ladvd ends before it has sent on all of them. */
export const advertise = (stack: Stack, device: string): Invocation => ({
  stack,
  argv: LADVD.concat('-o', device),
  ownRun: true,
  timeout: 5000,
});

/** Arguments that let ladvd listen on devices in the foreground. It is silent: what is to be sent, others send. */
export const listen = (devices: readonly string[]): readonly string[] => [
  ...LADVD,
  ...['-r', '-s', ...devices],
];

/** Arguments that ask a ladvd that listens what it heard on a device. */
export const askFor = (device: string): readonly string[] => ['ladvdc', '-L', '-f', device];

/** What a frame says of its sender. */
const signed = (frame: Frame, { mac, device }: Endpoint): Frame => ({
  ...frame,
  ...(frame.lldp && {
    lldp: {
      ...frame.lldp,
      chassisId: { ...frame.lldp.chassisId, value: mac },
      portId: { ...frame.lldp.portId, value: device },
    },
  }),
});

/** Link Layer Discovery Protocol: IEEE 802.1AB, sent and received by ladvd(8). */
export const lldp = defineProbe({
  kind: 'lldp',
  title: 'LLDP neighbour discovery',
  doc: `ladvd sends one advertisement at \`from\`. The capture at \`to\` and the neighbour table of the ladvd that listens there
must both show the sender's chassis and port. LLDP goes to 01:80:c2:00:00:0e, an address that bridges must not forward.`,
  schema: z.strictObject({ probe: z.literal('lldp') }),
  filter: 'ether proto 0x88cc',
  oneWay: true,
  programs: ['ladvd', 'ladvdc'],
  prepare(check, ends, { model }) {
    const from = singleEnd(ends, 'from', 'LLDP runs on');
    const to = singleEnd(ends, 'to', 'LLDP runs on');
    if (!('hop' in from)) return [from];
    if (!('hop' in to)) return [to];
    // ladvd at the receiver has joined the group.
    const frame = signed(frameOf('lldp', { from, to }), from);
    const way = wayOf(model, from, to, frame);
    if (!('prediction' in way)) return [way];
    return {
      kind: 'lldp',
      check,
      from,
      to,
      courses: [
        [
          {
            name: 'LLDP advertisement',
            class: 'lldp',
            from: from.hop,
            to: to.hop,
            frame,
            matches: ({ lldp: unit, src }) =>
              unit !== undefined &&
              src === from.mac &&
              unit.portId.value === from.device &&
              from.stackMacs.includes(unit.chassisId.value),
            ...way,
          },
        ],
      ],
      send: advertise(from.stack, from.device),
      uses: [],
      // ladvd hears nothing on any device when one of its devices is down.
      ...(to.hop.settings.down !== true && {
        witness: {
          name: 'ladvd',
          stack: to.stack,
          device: to.device,
          group: NEAREST_BRIDGE,
          daemon: listen,
          ask: askFor(to.device),
          confirms: (answer) =>
            neighbours(answer).some(
              ({ chassis, port }) => port === from.device && from.stackMacs.includes(chassis),
            ),
        },
      }),
    };
  },
});

interface Neighbour {
  readonly chassis: string;
  readonly port: string;
}

/** What \`ladvdc -f\` prints, a block for each neighbour. */
export function neighbours(answer: string): readonly Neighbour[] {
  const blocks = answer.split(/^Chassis id: /m).slice(1);
  return blocks.map((block) => ({
    chassis: (block.split('\n')[0] ?? '').trim().toLowerCase(),
    port: (/^Port id: (.*)$/m.exec(block)?.[1] ?? '').trim(),
  }));
}
