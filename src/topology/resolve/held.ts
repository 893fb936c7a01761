import { nodeKinds } from '../../nodes/index.js';
import type { NodeKind } from '../../nodes/define.js';
import type { LinkKind } from '../../links/define.js';
import { linkKind, nodeKind, writtenLink } from '../kinds.js';
import { THIS_HOST, type Lab, type LinkEnd } from '../lab.js';
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
  const wayOf = waysIn(nodes);
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
    ...links.flatMap(({ id, kind, spec, ends }, index) => [
      ...refusal(['links', index, 'kind'], id, linkKind(kind)),
      ...(field === 'notRootless'
        ? unreachable(id, ends.map(wayOf), ['links', index, 'kind'])
        : []),
      ...(linkKind(kind).ofMachine?.(spec as never) ?? []).map(({ device, path }) => ({
        ...{ code, fix, path: ['links', index, ...path] },
        what: `${id} is joined to \`${device}\`, an interface of this machine, ${who}.`,
        why: 'what holds the lab has a network of its own',
      })),
    ]),
  ];
}

/** How a link reaches a node, and why that is not for who is not root. */
interface Way {
  readonly what: string;
  readonly why: string | undefined;
}

function waysIn(nodes: Lab['nodes']): (end: LinkEnd) => Way {
  const kinds = new Map(nodes.map(({ name, kind }) => [name, kind]));
  return ({ port, via }) => ({
    what: `a ${via} for ${port.ref}`,
    why: nodeKind(kinds.get(port.node) ?? '').notRootlessBy?.[via],
  });
}

/** The ends of a link that a user who is not root cannot reach, as one problem. */
function unreachable(id: string, ends: readonly Way[], path: Problem['path']): readonly Problem[] {
  const [first, ...more] = ends.filter(({ why }) => why !== undefined);
  return first?.why !== undefined
    ? [
        {
          ...{ code: HOLDERS.notRootless.code, path, why: first.why },
          what: `${id} needs ${[first, ...more].map(({ what }) => what).join(' and ')}, and that needs root.`,
          fix: 'write `kind: bridge`, with `group_fwd_mask: 0xfffd` where LLDP is to pass, or `kind: udp`; or build the lab as root',
        },
      ]
    : [];
}

/** An interface of the machine can be taken once. */
export function takenTwice({ links }: Pick<Lab, 'links'>): readonly Problem[] {
  const taken = links.flatMap(({ id, kind, spec }, index) =>
    ((writtenLink(kind) as Partial<LinkKind>).ofMachine?.(spec as never) ?? []).map(
      ({ device, path }) => ({
        ...{ device, id, path: ['links', index, ...path] },
      }),
    ),
  );
  return taken.flatMap(({ device, path }, index) => {
    const before = taken.slice(0, index).find((other) => other.device === device);
    return before
      ? [
          {
            code: 'topology/device-taken',
            path,
            what: `\`${device}\` already belongs to ${before.id}.`,
          },
        ]
      : [];
  });
}
