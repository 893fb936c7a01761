import { z } from 'zod';
import { markOf } from '../../plan/names.js';
import { onHost, type Resource } from '../../plan/resources/define.js';
import { mark } from '../../plan/resources/kinds/mark.js';
import { netns as namespace } from '../../plan/resources/kinds/netns.js';
import type { Lab, Stack } from '../../topology/lab.js';
import { defineNode } from '../define.js';

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
  where: ({ lab, node, namespace, here }) => ({
    ...here,
    netns: [lab, node, ...(namespace === undefined ? [] : [namespace])].join('.'),
  }),
  requirements: () => [{ check: 'netns' }],
  plan(node, _attachmentAt, lab) {
    return { resources: node.stacks.flatMap((stack) => namespaceOf(lab, node.name, stack)) };
  },
});

function namespaceOf(lab: Lab, node: string, { id, where }: Stack): readonly Resource[] {
  const name = where.netns ?? '';
  return [
    namespace.of({
      ...onHost(lab),
      id: `netns ${id}`,
      wanted: { name },
      makes: [id],
      why: `network namespace of ${id}`,
    }),
    mark.of({
      id: `mark ${id}`,
      lane: node,
      where,
      wanted: { device: 'lo', alias: markOf(lab.name) },
      in: [id],
      why: `mark ${id} as the lab's`,
    }),
  ];
}
