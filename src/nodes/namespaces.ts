import { markOf } from '../plan/names.js';
import { onHost, type Resource } from '../plan/resources/define.js';
import { mark } from '../plan/resources/kinds/mark.js';
import { netns } from '../plan/resources/kinds/netns.js';
import type { Lab, Stack } from '../topology/lab.js';
import type { Where } from '../where.js';
import type { StackPlace } from './define.js';

/** Network namespaces of this machine as stacks of nodes. */

/** Where such a stack is: its namespace is `LAB.NODE`, or `LAB.NODE.NAMESPACE`. */
export const inOwnNamespace = ({ lab, node, namespace, here }: StackPlace): Where => ({
  ...here,
  netns: [lab, node, ...(namespace === undefined ? [] : [namespace])].join('.'),
});

/** What tells people whose a namespace is. */
export const markStack = (lab: Lab, node: string, { id, where }: Stack): Resource =>
  mark.of({
    id: `mark ${id}`,
    lane: node,
    where,
    wanted: { device: 'lo', alias: markOf(lab.name) },
    in: [id],
    why: `mark ${id} as the lab's`,
  });

/** A namespace that is made for a stack, with its mark. */
export const namespaceOf = (lab: Lab, node: string, stack: Stack): readonly Resource[] => [
  netns.of({
    ...onHost(lab),
    id: `netns ${stack.id}`,
    wanted: { name: stack.where.netns ?? '' },
    makes: [stack.id],
    why: `network namespace of ${stack.id}`,
  }),
  markStack(lab, node, stack),
];
