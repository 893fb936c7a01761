import { z } from 'zod';
import { markOf } from '../../plan/names.js';
import { LOCAL, type Step } from '../../plan/step.js';
import { THIS_HOST, type Stack } from '../../topology/lab.js';
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
  where: (lab, node, namespace) => ({
    host: 'local',
    netns: [lab, node, ...(namespace === undefined ? [] : [namespace])].join('.'),
  }),
  requirements: () => [{ check: 'netns' }],
  plan(node, _attachments, lab) {
    return { steps: node.stacks.flatMap((stack) => makeNamespace(lab.name, node.name, stack)) };
  },
});

function makeNamespace(lab: string, node: string, stack: Stack): readonly Step[] {
  const name = stack.where.netns ?? '';
  return [
    {
      id: `netns ${name}`,
      stage: 'stacks',
      lane: THIS_HOST,
      where: LOCAL,
      do: { tool: 'ip', args: ['netns', 'add', name] },
      undo: { tool: 'ip', args: ['netns', 'del', name] },
      owns: { type: 'netns', name },
      why: `network namespace of ${stack.id}`,
    },
    {
      id: `mark ${name}`,
      stage: 'inside',
      lane: node,
      where: stack.where,
      do: { tool: 'ip', args: ['link', 'set', 'dev', 'lo', 'alias', markOf(lab)] },
      why: `mark ${stack.id} as the lab's`,
    },
  ];
}
