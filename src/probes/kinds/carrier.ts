import { z } from 'zod';
import { carrierOf } from '../../hops/carrier.js';
import { hasFlag } from '../../hops/device.js';
import { endpointRef } from '../../topology/fields.js';
import { defineProbe } from '../define.js';
import { singleEnd } from '../single.js';

/** How a device shows what another one needs of it: netdevice(7). One that is down shows no carrier. */
const FLAGS = { up: 'UP', carrier: 'LOWER_UP' } as const;

/** Has a device carrier: is something at the other end of its cable? */
export const carrier = defineProbe({
  kind: 'carrier',
  title: 'carrier of a device',
  doc: `Looks whether the device \`at\` has carrier (\`LOWER_UP\` of ip-address(8)), and sends nothing. A veth has it while its peer is up, a
device on top of another one with that one, a bridge by a port of its own that has it, a bond by a member that it uses, and any device only while it is
up itself. The NIC of a guest and a dummy device always have it: what is unplugged on the host a guest does not see. In results
\`from\` and \`to\` are both the device, and \`expect\` is \`pass\` for \`up\`.`,
  schema: z.strictObject({
    probe: z.literal('carrier'),
    at: endpointRef.describe('The device, such as `sw1:eth1`'),
    expect: z.enum(['up', 'down']).default('up').describe('Must it have carrier, or must it not?'),
  }),
  looks: { pass: 'up', blocked: 'down' },
  programs: [],
  prepare(check, ends, { model: { graph, world } }) {
    const end = singleEnd(ends, 'at', 'It is the carrier of');
    if (!('hop' in end)) return [end];
    const { path, needs, prediction } = carrierOf(graph, end.hop.id, world.bundles);
    return {
      kind: 'carrier',
      check,
      from: end,
      to: end,
      courses: [],
      state: {
        ...{ name: 'carrier', path, prediction },
        holds: (index, device) => hasFlag(device, FLAGS[needs[index] ?? 'carrier']),
      },
      uses: [],
    };
  },
});
