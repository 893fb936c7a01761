import { z } from 'zod';
import { wireEdge } from '../../hops/types.js';
import { twoPorts } from '../../topology/fields.js';
import { isAt, type Lab, type LabLink, type LinkEnd } from '../../topology/lab.js';
import { defineLink, type Attachment } from '../define.js';
import { nodePort, vethPair } from '../devices.js';
import { downField, downProblems, pairEnds, sayCable } from '../ends.js';

const netdev: Attachment = { via: 'netdev' };

/**
 * A pair has no carrier while one of its ends is down, so that is how its cable is pulled: at the end that loses the fewest
 * routes and addresses by it.
 */
function pulledEnd({ isCut, ends }: LabLink, { nodes }: Lab): LinkEnd | undefined {
  if (isCut !== true) return undefined;
  const losses = ends.map((end) => {
    const node = nodes.find(({ name }) => name === end.port.node);
    return [...(node?.routes ?? []), ...(node?.addresses ?? [])].filter(isAt(end)).length;
  });
  return ends[losses.indexOf(Math.min(...losses))];
}

/** veth(4): a pair of devices; what one sends the other receives. */
export const veth = defineLink({
  kind: 'veth',
  title: 'veth patch cable',
  doc: `A pair of virtual Ethernet devices, one end in each namespace: the straight cable. Every frame
crosses it, the reserved group addresses and PAUSE included, and one end loses its carrier while the
other is down. A virtual machine has no stack on this host to put an end into; cables to guests are
\`macvtap\`, \`ovs-panel\`, \`bridge\` or \`udp\`.`,
  example: `name: two-namespaces
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('veth'),
    ends: twoPorts.describe('The two ports that the cable joins'),
    down: downField,
  }),
  offers: ['netdev'],
  auto: { cost: 1, tries: ['plain'] },
  ends: (spec) => pairEnds(spec.ends),
  cables: () => [[0, 1]],
  validate: ({ ends, down }) =>
    downProblems(
      ends.map((port) => ({ port })),
      down,
    ),
  requirements: () => [{ check: 'kernel-kind', arg: 'veth' }],
  plan(link, lab) {
    const [a, b] = link.ends.map(nodePort) as [
      ReturnType<typeof nodePort>,
      ReturnType<typeof nodePort>,
    ];
    const down = link.ends.filter(
      (end) => link.spec.down.includes(end.port.ref) || end === pulledEnd(link, lab),
    );
    return {
      resources: [vethPair(lab, a, b, sayCable(link, 'patch cable'))],
      attachments: [netdev, netdev],
      hops: {
        hops: [],
        edges: [wireEdge(a.hop, b.hop)],
        ...(down.length > 0 && {
          amends: Object.fromEntries(down.map((end) => [nodePort(end).hop, { down: true }])),
        }),
      },
    };
  },
});
