import { z } from 'zod';
import { defineNode } from '../define.js';
import { inOwnNamespace, namespaceOf } from '../namespaces.js';

/** A network namespace of the host: network_namespaces(7), ip-netns(8). */
export const netns = defineNode({
  kind: 'netns',
  title: 'network namespace',
  doc: `A network stack of its own on the host's kernel: there at once, with every tool of the host. Its inner
namespaces are further namespaces of the host.`,
  example: `name: two-namespaces
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
`,
  schema: z.strictObject({ kind: z.literal('netns') }),
  accepts: ['netdev'],
  portHop: 'veth',
  where: inOwnNamespace,
  requirements: () => [{ check: 'netns' }],
  plan(node, _attachmentAt, lab) {
    return { resources: node.stacks.flatMap((stack) => namespaceOf(lab, node.name, stack)) };
  },
});
