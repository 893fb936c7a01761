import { z } from 'zod';
import { hopId } from '../hops/graph.js';
import type { Hop } from '../hops/types.js';
import { deviceName, macAddress, markOf } from '../plan/names.js';
import { LOCAL, type Step } from '../plan/step.js';
import { mtuField, portRef } from '../topology/fields.js';
import { groupForwardMask, makeBridge, plugIn } from '../devices/bridge-options.js';
import { defineLink } from './define.js';
import { switchPort, switchPortRequirements } from './devices.js';
import { everyPair, pairEnds } from './ends.js';

/** One Linux bridge for the link: net/bridge/, ip-link(8) `type bridge` and `type bridge_slave`. */
export const bridge = defineLink({
  kind: 'bridge',
  title: 'Linux bridge',
  doc: `A bridge of its own for the link, with a port for each end: two make a cable, more make a segment. Spanning
tree and multicast snooping are off. A bridge eats the reserved group addresses 01:80:c2:00:00:0x (LLDP, LACP, STP,
802.1X), as IEEE 802.1D demands of it; \`group_fwd_mask\` lets them through port by port, all but PAUSE.`,
  example: `name: segment
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: bridge, group_fwd_mask: 0xfffd, ends: [a:eth1, b:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('bridge'),
    ends: z.array(portRef).min(2).describe('The ports that the bridge joins'),
    group_fwd_mask: groupForwardMask,
    stp: z.boolean().default(false).describe('Run the spanning tree protocol of the kernel'),
    snooping: z.boolean().default(false).describe('IGMP and MLD snooping'),
    mtu: mtuField.optional().describe("The bridge's own MTU, which limits what it forwards"),
  }),
  offers: ['tap', 'netdev'],
  ends: (spec) => pairEnds(spec.ends),
  cables: (spec) => everyPair(spec.ends),
  requirements: (link) => [
    { check: 'kernel-kind', arg: 'bridge' },
    ...switchPortRequirements(link.ends),
  ],
  plan(link, lab) {
    const { group_fwd_mask: mask, stp, snooping, mtu } = link.spec;
    const ports = link.ends.map((end) => switchPort(lab, end, true));
    const name = deviceName('br', lab.name, link.id);
    const mac = macAddress(lab.name, link.id, 'bridge');
    const masks = Object.fromEntries(ports.map((port) => [`mask ${port.device.hop}`, mask]));
    const hop: Hop = {
      id: hopId('host', name),
      kind: 'bridge',
      stack: 'host',
      device: name,
      label: `${link.id} bridge`,
      settings: { mac, stp, ...masks },
    };
    const onHost = { stage: 'switches', lane: 'host', where: LOCAL } as const;
    const make: Step = {
      ...onHost,
      id: `bridge ${name}`,
      do: { tool: 'ip', args: makeBridge(name, mac, { mtu, stp, snooping }) },
      undo: { tool: 'ip', args: ['link', 'del', 'dev', name] },
      owns: { type: 'link', name, mac },
      why: `${link.id}: Linux bridge`,
    };
    const mark: Step = {
      ...onHost,
      id: `mark ${name}`,
      do: {
        tool: 'ip',
        args: [
          ...['link', 'set', 'dev', name, 'alias', markOf(lab.name)],
          ...['addrgenmode', 'none', 'up'],
        ],
      },
      why: `mark ${hop.label} as the lab's and bring it up`,
    };
    const plug = (port: string): readonly Step[] =>
      plugIn(name, port, mask).map((args, index) => ({
        ...onHost,
        id: `bridge ${name} ${port} ${index + 1}`,
        do: { tool: 'ip', args },
        why:
          index === 0 ? `plug ${port} into the bridge` : `reserved addresses that ${port} lets in`,
      }));
    return {
      steps: [
        ...ports.flatMap((port) => port.steps),
        make,
        mark,
        ...ports.flatMap((port) => plug(port.device.device)),
      ],
      attachments: ports.map((port) => port.attachment),
      hops: {
        hops: [...ports.flatMap((port) => port.hops.hops), hop],
        edges: ports.flatMap((port) => [...port.hops.edges, [port.device.hop, hop.id] as const]),
      },
    };
  },
});
