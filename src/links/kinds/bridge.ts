import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { deviceName, macAddress, markOf } from '../../plan/names.js';
import { LOCAL, type Step } from '../../plan/step.js';
import { bridgeSettings } from '../../devices/bridge-model.js';
import {
  bridgeFields,
  bridgePortFields,
  finishBridge,
  makeBridge,
  plugIn,
} from '../../devices/bridge-options.js';
import { defineLink } from '../define.js';
import { silence } from '../devices.js';
import { switchPort, switchPortRequirements } from '../switch-port.js';
import { downField, downProblems, endField, everyPair, portEnds } from '../ends.js';
import { THIS_HOST } from '../../topology/lab.js';

/** One Linux bridge for the link: net/bridge/, ip-link(8) `type bridge` and `type bridge_slave`. */
export const bridge = defineLink({
  kind: 'bridge',
  title: 'Linux bridge',
  doc: `A bridge of its own for the link, with a port for each end: two make a cable, more make a segment. Spanning
tree, multicast snooping and VLAN filtering are off. A bridge eats the reserved group addresses 01:80:c2:00:00:0x (LLDP,
LACP, 802.1X; BPDUs when it runs spanning tree), as IEEE 802.1D demands of it; \`group_fwd_mask\` lets them through port by
port, all but PAUSE.`,
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
  validate: ({ ends, down }) => downProblems(ends, down),
  requirements: (link) => [
    { check: 'kernel-kind', arg: 'bridge' },
    ...(link.spec.vlan_filtering ? [{ check: 'kernel-kind', arg: 'bridge-vlan-filtering' }] : []),
    ...switchPortRequirements(link.ends),
  ],
  plan(link, lab) {
    const ports = link.ends.map((end, index) => ({
      ...switchPort(lab, end, true, link.spec.down),
      spec: link.spec.ends[index] ?? fail(index),
    }));
    const name = deviceName('br', lab.name, link.id);
    const mac = macAddress(lab.name, link.id, 'bridge');
    const hop: Hop = {
      id: hopId(THIS_HOST, name),
      kind: 'bridge',
      stack: THIS_HOST,
      where: LOCAL,
      device: name,
      label: `${link.id} bridge`,
      settings: bridgeSettings(
        mac,
        link.spec,
        ports.map(({ device, spec }) => [device.hop, spec]),
      ),
    };
    const onHost = { stage: 'switches', lane: THIS_HOST, where: LOCAL } as const;
    const make = makeBridge(name, mac, link.spec).map((args, index): Step => ({
      ...onHost,
      id: `bridge ${name}${index === 0 ? '' : ` ${index + 1}`}`,
      do: { tool: 'ip', args },
      ...(index === 0 && {
        undo: { tool: 'ip', args: ['link', 'del', 'dev', name] },
        owns: { type: 'link', name, mac, bridge: true },
      }),
      why: `${link.id}: Linux bridge`,
    }));
    const set = ['link', 'set', 'dev', name];
    const mark: Step = {
      ...onHost,
      id: `mark ${name}`,
      do: { tool: 'ip', args: [...set, 'alias', markOf(lab.name), ...silence(undefined)] },
      why: `mark ${hop.label} as the lab's`,
    };
    const raise: Step = {
      ...onHost,
      id: `up ${name}`,
      do: { tool: 'ip', args: [...set, 'up'] },
      why: `bring ${hop.label} up`,
    };
    const plug = ({ device: { device }, spec }: (typeof ports)[number]): readonly Step[] =>
      plugIn(name, device, link.spec, spec).map(({ what, do: command }, index) => ({
        ...onHost,
        id: `bridge ${name} ${device} ${what}`,
        do: command,
        why: index === 0 ? `plug ${device} into the bridge` : `settings of the port ${device}`,
      }));
    const finish = finishBridge(name, link.spec).map((args): Step => ({
      ...onHost,
      id: `finish ${name}`,
      do: { tool: 'ip', args },
      why: `MTU of ${hop.label}, which its ports have changed`,
    }));
    return {
      steps: [
        ...ports.flatMap((port) => port.steps),
        ...make,
        mark,
        raise,
        ...ports.flatMap(plug),
        ...finish,
      ],
      attachments: ports.map((port) => port.attachment),
      hops: {
        hops: [...ports.flatMap((port) => port.hops.hops), hop],
        edges: ports.flatMap((port) => [...port.hops.edges, portEdge(port.device.hop, hop.id)]),
      },
    };
  },
});

function fail(index: number): never {
  throw new RangeError(`the bridge has no end ${index}`);
}
