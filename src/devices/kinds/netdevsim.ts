import { z } from 'zod';
import { netdevsim as netdevsimResource } from '../../plan/resources/kinds/netdevsim.js';
import { duplicateField, localDevice, macField, mtuField } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';

/** Numbers of its bus are those of a positive `int`: drivers/net/netdevsim/bus.c, new_device_store. */
const MOST = 2 ** 31 - 1;

/** A simulated device inside a guest: drivers/net/netdevsim. */
export const netdevsim = defineDevice({
  kind: 'netdevsim',
  title: 'simulated device in a guest',
  doc: `A device that stands for hardware where programs are tried that set up offloads: with \`hw_tc_offload\` it takes filters of tc(8) as an adapter would that has them in
hardware. It carries nothing: what it is given to send ends there, and nothing comes by it. (Since Linux 6.9 two of them can be linked; that is not built here.) It asks for no addresses (NOARP).

Texts of some years ago make one by \`ip link add type netdevsim\`. No kernel since 5.1 does that: one is made by its bus in sysfs, \`echo "ID PORTS" >/sys/bus/netdevsim/new_device\`,
and removed by \`del_device\` there. No kernel of Debian has the module: the guest image \`kinds\` has one that is compiled of Debian's source of that kernel.`,
  example: `{ kind: netdevsim, name: sim0, hw_tc_offload: true }`,
  schema: z.strictObject({
    kind: z.literal('netdevsim'),
    name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
    hw_tc_offload: z.boolean().default(false).describe('Take filters of tc(8): ethtool(8) -K'),
    mac: macField.optional(),
    duplicate: duplicateField,
    mtu: mtuField.optional(),
  }),
  kernelKind: 'netdevsim',
  onlyIn: { guest: 'kinds', what: 'module netdevsim' },
  makes: ({ name, mac, mtu }) => [{ ...parseLocal(name), path: ['name'], mac, mtu }],
  plan({ name, mtu, hw_tc_offload: offload }, context) {
    const self = parseLocal(name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    return [
      netdevsimResource.of({
        ...{ ...place, id: `netdevsim ${hop}`, makes: [hop], in: [stack] },
        wanted: {
          ...{ device: self.name, mac: context.mac(self), offload },
          id: Number.parseInt(context.secret(self, 4, 'number of its bus'), 16) % MOST,
          ...(mtu !== undefined && { mtu }),
        },
        why: `simulated device ${name}`,
      }),
    ];
  },
  hops: ({ name }, context) => ({
    hops: [context.hop(parseLocal(name), 'netdevsim', { isSink: true })],
    edges: [],
  }),
});
