import { z } from 'zod';
import { duplicateField, localDevice, macField, mtuField } from '../../topology/fields.js';
import { wireEdge } from '../../hops/types.js';
import { veth as vethResource } from '../../plan/resources/kinds/veth.js';
import { defineDevice, type LocalDevice } from '../define.js';
import { parseLocal } from '../local.js';

/** A veth pair inside a node, such as between a switch and a container behind it: veth(4). */
export const veth = defineDevice({
  kind: 'veth',
  title: 'veth pair in a node',
  doc: `A pair of devices inside the node: \`name\` at one end, \`peer\` at the other, usually in an inner namespace. That is
how a container behind a guest's switch is drawn.`,
  example: `{ kind: veth, name: c1up, peer: c1:eth0 }`,
  schema: z.strictObject({
    kind: z.literal('veth'),
    name: localDevice.describe('This end: `device` or `namespace:device`'),
    peer: localDevice.describe('The other end, likewise'),
    mac: macField.optional().describe("MAC of `name`'s end; derived when left out"),
    peer_mac: macField.optional().describe("MAC of the peer's end; derived when left out"),
    duplicate: duplicateField,
    mtu: mtuField.optional(),
  }),
  kernelKind: 'veth',
  makes: (spec) => [
    { ...parseLocal(spec.name), path: ['name'], mac: spec.mac, mtu: spec.mtu },
    { ...parseLocal(spec.peer), path: ['peer'], mac: spec.peer_mac, mtu: spec.mtu },
  ],
  plan(spec, context) {
    const ends = [parseLocal(spec.name), parseLocal(spec.peer)];
    // From the node's own stack a device can be made in any other, which has a name.
    const [near, far] = (ends[1]?.namespace === undefined ? ends.toReversed() : ends) as [
      LocalDevice,
      LocalDevice,
    ];
    const { stack, ...place } = context.inside(near.namespace);
    const home = context.inside(far.namespace);
    const end = (device: LocalDevice) => ({
      ...{ device: device.name, mac: context.mac(device) },
      ...(spec.mtu !== undefined && { mtu: spec.mtu }),
    });
    const elsewhere = home.stack === stack ? undefined : home.where.netns;
    const ids = ends.map((end) => context.hopId(end));
    return [
      vethResource.of({
        ...place,
        id: `veth ${ids.join(' - ')}`,
        wanted: { ends: [end(near), { ...end(far), ...(elsewhere && { netns: elsewhere }) }] },
        makes: ids,
        in: [...new Set([stack, home.stack])],
        why: `veth pair ${spec.name} - ${spec.peer}`,
      }),
    ];
  },
  hops(spec, context) {
    const ends = [parseLocal(spec.name), parseLocal(spec.peer)];
    const hops = ends.map((end) => context.hop(end, 'veth', {}));
    const [a, b] = hops.map((hop) => hop.id) as [string, string];
    return { hops, edges: [wireEdge(a, b)] };
  },
});
