import { z } from 'zod';
import { wireEdge } from '../../src/hops/types.js';
import { defineLink, type Attachment } from '../../src/links/define.js';
import { nodePort, vethPair } from '../../src/links/devices.js';
import { pairEnds, sayCable } from '../../src/links/ends.js';
import { twoPorts } from '../../src/topology/fields.js';

/** The device that it makes has the name of the port, right in the namespace of the node. */
const netdev: Attachment = { via: 'netdev' };

/** A sample cable: MANUAL PAGE OR FILE OF THE KERNEL. */
export const sample = defineLink({
  kind: 'sample',
  title: 'sample cable',
  doc: `A cable between two namespaces, made of a veth pair. WHAT CROSSES IT, WHEN TO CHOOSE IT.`,
  example: `name: two-namespaces
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: sample, ends: [a:eth1, b:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('sample'),
    ends: twoPorts.describe('The two ports that the cable joins'),
  }),
  // Ways into a node, best first: right into its namespace; a guest has none that such a device could be in.
  offers: ['netdev'],
  ends: (spec) => pairEnds(spec.ends),
  // Who hears whom: the first end the second, and the other way round.
  cables: () => [[0, 1]],
  requirements: () => [{ check: 'kernel-kind', arg: 'veth' }],
  plan(link, lab) {
    const [a, b] = link.ends.map(nodePort) as [
      ReturnType<typeof nodePort>,
      ReturnType<typeof nodePort>,
    ];
    return {
      resources: [vethPair(lab, a, b, sayCable(link, 'sample cable'))],
      attachments: [netdev, netdev],
      hops: { hops: [], edges: [wireEdge(a.hop, b.hop)] },
    };
  },
});
