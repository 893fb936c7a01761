import { z } from 'zod';
import { REDUNDANCY_LENGTH, type HsrSettings } from '../../hops/redundancy.js';
import { lowerEdge } from '../../hops/types.js';
import { hsr as hsrResource } from '../../plan/resources/kinds/hsr.js';
import { localDevice, mtuField } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';

/** The version where the file gives none: that of IEC 62439-3 since 2012. */
const VERSION = 1;

const hsrSchema = z
  .strictObject({
    kind: z.literal('hsr'),
    name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
    slaves: z
      .tuple([localDevice, localDevice])
      .describe(
        'The two devices that it sends by, of its own namespace; it has the MAC of the first',
      ),
    proto: z.enum(['hsr', 'prp']).default('hsr').describe('A ring (HSR), or two networks (PRP)'),
    version: z
      .union([z.literal(0), z.literal(1)])
      .optional()
      .describe('Version of HSR, the same for all nodes of a ring; 1 when left out'),
    supervision: z
      .int()
      .min(0)
      .max(255)
      .default(0)
      .describe('Last octet of the address to which it tells of itself'),
    mtu: mtuField
      .optional()
      .describe('MTU; six octets less than that of the first slave when left out'),
  })
  .superRefine(({ proto, version }, context) => {
    if (proto === 'prp' && version !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['version'],
        message: 'remove it: PRP has no versions',
      });
  });

/** A node of HSR or PRP inside a node: net/hsr, ip-link(8) `type hsr`. */
export const hsr = defineDevice({
  kind: 'hsr',
  title: 'HSR or PRP device in a guest',
  doc: `A device that sends each frame twice, by two slaves, so that no cable is missed when it breaks (IEC 62439-3). In a ring (HSR) the copies go round by both sides behind a
tag of EtherType 0x892f, a node hands on what is not for it alone, and what it has sent itself ends where it comes back; with \`proto: prp\` the slaves are in two networks of ordinary switches, and the
copies have a trailer. Of the copies that come to a node its stack gets the first. Every two seconds a node tells the others of itself, to 01:15:4e:00:01:00.

Both slaves have the MAC of the first, as the standard has it; the kernel could do with two, and would then let copies through until the nodes have told each other of them.
The MTU is six octets less than that of the slaves. The slaves keep their own stack, which gets what comes without a tag; VLANs pass neither,
and the kernel takes no VLAN device for a slave.
No kernel of Debian has the module: the guest image \`kinds\` has one that is compiled of Debian's source of that kernel.`,
  example: `{ kind: hsr, name: hsr0, slaves: [eth1, eth2] }`,
  schema: hsrSchema,
  kernelKind: 'hsr',
  onlyIn: { guest: 'kinds', what: 'module hsr' },
  makes({ name, slaves: [first], mtu }) {
    const below = parseLocal(first);
    const made = { ...parseLocal(name), path: ['name'], mac: undefined, mtu };
    return [{ ...made, isTagging: true, macOf: below, mtuOf: below, less: REDUNDANCY_LENGTH }];
  },
  takes: ({ slaves }) =>
    slaves.map((slave, index) => ({
      ...{ ...parseLocal(slave), path: ['slaves', index] },
      // net/hsr/hsr_slave.c, hsr_check_dev_ok.
      isPlain: true,
    })),
  plan({ name, slaves, proto, version = VERSION, supervision, mtu }, context) {
    const self = parseLocal(name);
    const { stack, ...place } = context.inside(self.namespace);
    const [hop, [one, two]] = [context.hopId(self), slaves.map(parseLocal)];
    if (!one || !two) throw new RangeError(`${name} has two slaves`);
    return [
      hsrResource.of({
        ...{ ...place, id: `hsr ${hop}`, makes: [hop] },
        in: [stack, context.hopId(one), context.hopId(two)],
        wanted: {
          ...{ device: self.name, slaves: [one.name, two.name] },
          ...{ mac: context.mac(self), own: context.mac(two) },
          ...(mtu !== undefined && { mtu }),
          options: {
            supervision: String(supervision),
            ...(proto === 'prp' ? { proto: '1' } : { version: String(version) }),
          },
        },
        why: `${proto.toUpperCase()} device ${name}`,
      }),
    ];
  },
  hops({ name, slaves, proto, version = VERSION }, context) {
    const self = parseLocal(name);
    const ids = slaves.map((slave) => context.hopId(parseLocal(slave)));
    const settings: HsrSettings = { slaves: ids, proto, version };
    const hop = context.hop(self, 'hsr', settings);
    // It makes its slaves promiscuous (net/hsr/hsr_slave.c, hsr_portdev_setup).
    const amended = { mac: context.mac(self), promisc: true };
    return {
      hops: [hop],
      edges: ids.map((id) => lowerEdge(hop.id, id)),
      amends: Object.fromEntries(ids.map((id) => [id, amended])),
    };
  },
});
