import { nodeKinds } from '../../nodes/index.js';
import type { NodeKind } from '../../nodes/define.js';
import { linkKind, nodeKind } from '../kinds.js';
import { THIS_HOST, type Lab } from '../lab.js';
import type { Problem } from '../problem.js';
import { nodeSchema, type NodeSpec } from '../schema.js';

/** A guest that holds a whole lab: the lab's namespaces and devices are made in it, and nothing of them is on this machine. */

/** Where things of a lab are made that a guest holds. */
export const IN_GUEST = { host: `guest:${THIS_HOST}` } as const;

/** The guest, as a node of the lab. */
export function holderSpec(): NodeSpec {
  const kinds: readonly Pick<NodeKind, 'kind' | 'holdsLabs'>[] = nodeKinds;
  const holder = kinds.find(({ holdsLabs }) => holdsLabs !== undefined);
  return nodeSchema.parse({ kind: holder?.kind, ...holder?.holdsLabs }) as unknown as NodeSpec;
}

/** What of a lab no guest can hold. */
export const guestProblems = ({ nodes, links }: Lab): readonly Problem[] => [
  ...nodes
    .filter(({ name }) => name !== THIS_HOST)
    .flatMap(({ name, kind }) =>
      refusal(['nodes', name, 'kind'], name, kind, nodeKind(kind).notInGuest),
    ),
  ...links.flatMap(({ id, kind }, index) =>
    refusal(['links', index, 'kind'], id, kind, linkKind(kind).notInGuest),
  ),
];

function refusal(
  path: Problem['path'],
  name: string,
  kind: string,
  why: string | undefined,
): readonly Problem[] {
  if (why === undefined) return [];
  return [
    {
      ...{ code: 'topology/not-in-guest', path, why },
      what: `${name} is \`kind: ${kind}\`, which no guest can hold.`,
      fix: 'build the lab without `--in-guest`, or write another kind',
    },
  ];
}
