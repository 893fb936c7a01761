import { nodeKinds } from '../../nodes/index.js';
import type { NodeKind } from '../../nodes/define.js';
import { linkKind, nodeKind } from '../kinds.js';
import { THIS_HOST, type Lab } from '../lab.js';
import type { Problem } from '../problem.js';
import { nodeSchema, type NodeSpec } from '../schema.js';

/** What holds a whole lab in place of this machine: a guest, or namespaces of a user who is not root. */

/** The guest, as a node of the lab. */
export function holderSpec(): NodeSpec {
  const kinds: readonly Pick<NodeKind, 'kind' | 'holdsLabs'>[] = nodeKinds;
  const holder = kinds.find(({ holdsLabs }) => holdsLabs !== undefined);
  return nodeSchema.parse({ kind: holder?.kind, ...holder?.holdsLabs }) as unknown as NodeSpec;
}

/** Field of a kind that says why something cannot hold one, and what is said besides. */
const HOLDERS = {
  notInGuest: {
    code: 'topology/not-in-guest',
    who: 'which no guest can hold',
    fix: 'build the lab without `--in-guest`, or write another kind',
  },
  notRootless: {
    code: 'host/not-root',
    who: 'which needs root',
    fix: 'build the lab as root, with `sudo` and without `--rootless`, or write another kind',
  },
} as const;

/** What of a lab a guest, or namespaces of a user, cannot hold. */
export function heldProblems(
  { nodes, links }: Lab,
  field: keyof typeof HOLDERS,
): readonly Problem[] {
  const { code, who, fix } = HOLDERS[field];
  const refusal = (
    path: Problem['path'],
    name: string,
    { kind, [field]: why }: Pick<NodeKind, 'kind' | keyof typeof HOLDERS>,
  ): readonly Problem[] =>
    why === undefined
      ? []
      : [{ code, path, why, what: `${name} is \`kind: ${kind}\`, ${who}.`, fix }];
  return [
    ...nodes
      .filter(({ name }) => name !== THIS_HOST)
      .flatMap(({ name, kind }) => refusal(['nodes', name, 'kind'], name, nodeKind(kind))),
    ...links.flatMap(({ id, kind }, index) =>
      refusal(['links', index, 'kind'], id, linkKind(kind)),
    ),
  ];
}
