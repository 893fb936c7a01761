import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { deviceName, macAddress } from '../../plan/names.js';
import { bridgeSettings } from '../../devices/bridge-model.js';
import {
  bridgeOnHost,
  finishBridge,
  makeBridge,
  plugIntoBridge,
} from '../../devices/bridge-resources.js';
import { bridgeFields, bridgePort } from '../../devices/bridge-options.js';
import { bridgePortFields } from '../../devices/bridge-port-fields.js';
import { bridgeProblems } from '../../devices/bridge-problems.js';
import { defineLink } from '../define.js';
import { switchPort, switchPortRequirements } from '../switch-port.js';
import { downField, downProblems, endField, everyPair, portEnds } from '../ends.js';
import { ofMachine, uplinkField, uplinkPort, uplinkRequirements } from '../uplink.js';
import { THIS_HOST, type Lab, type LabLink } from '../../topology/lab.js';
import type { Problem } from '../../topology/problem.js';

const bridgeName = (lab: Lab, link: Pick<LabLink, 'id'>): string =>
  deviceName('br', lab.name, link.id);

/** One Linux bridge for the link: net/bridge/, ip-link(8) `type bridge` and `type bridge_slave`. */
export const bridge = defineLink({
  kind: 'bridge',
  title: 'Linux bridge',
  doc: `A bridge of its own for the link, with a port for each end: two make a cable, more make a segment. Spanning
tree, multicast snooping and VLAN filtering are off. A bridge eats the reserved group addresses 01:80:c2:00:00:0x (LLDP,
LACP, 802.1X; BPDUs when it runs spanning tree), as IEEE 802.1D demands of it; \`group_fwd_mask\` lets them through port by
port, all but PAUSE. \`uplink\` joins it to a real interface of this machine, which is afterwards as it was.`,
  example: `name: segment
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: bridge, group_fwd_mask: 0xfffd, ends: [a:eth1, b:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('bridge'),
    ends: z
      .array(endField(bridgePortFields))
      .min(2)
      .describe('The ports that the bridge joins, each with settings of its own if need be'),
    down: downField,
    uplink: uplinkField,
    ...bridgeFields,
  }),
  offers: ['tap', 'netdev'],
  variants: {
    settings: {
      plain: {},
      'mask 0x4000': { group_fwd_mask: 0x4000 },
      'mask 0xfffd': { group_fwd_mask: 0xfffd },
      stp: { stp: true },
      snooping: { snooping: true },
    },
  },
  auto: { cost: 5, tries: ['plain', 'mask 0x4000', 'mask 0xfffd'] },
  ends: (spec) => portEnds(spec.ends),
  cables: (spec) => everyPair(spec.ends),
  validate: (spec) => [
    ...downProblems(spec.ends, spec.down),
    ...bridgeProblems(spec, spec.ends).map(({ path, what, fix }): Problem => ({
      ...{ code: 'topology/wrong-value', path: ['ends', ...path], what, fix },
    })),
  ],
  ofMachine: ({ uplink }) => ofMachine(uplink),
  requirements: (link, lab) => [
    ...uplinkRequirements(link.spec.uplink, bridgeName(lab, link)),
    { check: 'kernel-kind', arg: 'bridge' },
    ...(link.spec.vlan_filtering ? [{ check: 'kernel-kind', arg: 'bridge-vlan-filtering' }] : []),
    ...switchPortRequirements(link.ends),
  ],
  plan(link, lab) {
    const ports = link.ends.map((end, index) => ({
      ...switchPort(lab, end, true, link.spec.down),
      spec: link.spec.ends[index] ?? fail(index),
    }));
    const name = bridgeName(lab, link);
    const out = uplinkPort(lab, link, name);
    const mac = macAddress(lab.name, link.id, 'bridge');
    const hop: Hop = {
      id: hopId(THIS_HOST, name),
      kind: 'bridge',
      stack: THIS_HOST,
      where: lab.here,
      device: name,
      label: `${link.id} bridge`,
      settings: bridgeSettings(mac, link.spec, [
        ...ports.map(({ device, spec }) => [device.hop, spec] as const),
        ...(out ? [[out.hop.id, bridgePort] as const] : []),
      ]),
    };
    const made = bridgeOnHost(lab, { device: name, mac, label: hop.label, spec: link.spec });
    return {
      resources: [
        ...ports.map((port) => port.resource),
        makeBridge(made, `${link.id}: Linux bridge`),
        ...ports.flatMap(({ device, spec }) =>
          plugIntoBridge(made, device, spec, `plug ${device.device} into the bridge`),
        ),
        ...(out ? [out.resource] : []),
        ...finishBridge(made),
      ],
      attachments: ports.map((port) => port.attachment),
      hops: {
        hops: [...ports.flatMap((port) => port.hops.hops), ...(out ? [out.hop] : []), hop],
        edges: [
          ...ports.flatMap((port) => [...port.hops.edges, portEdge(port.device.hop, hop.id)]),
          ...(out ? [portEdge(out.hop.id, hop.id)] : []),
        ],
      },
    };
  },
});

function fail(index: number): never {
  throw new RangeError(`the bridge has no end ${index}`);
}
