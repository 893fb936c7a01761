import type { DeviceKind } from '../devices/define.js';
import { deviceKinds } from '../devices/index.js';
import type { LinkKind, WrittenLink } from '../links/define.js';
import { linkKinds, writtenLinkKinds } from '../links/index.js';
import type { NodeInside, NodeKind } from '../nodes/define.js';
import { nodeKinds } from '../nodes/index.js';
import type { ProbeKind } from '../probes/define.js';
import { probeKinds } from '../probes/index.js';
import type { LabNode, Stack } from './lab.js';

/** Descriptors by name. Only names that the schema has let through are looked up. */
function lookup<K extends { readonly kind: string }>(kinds: readonly K[]): (name: string) => K {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
  return (name) => {
    const kind = byName.get(name);
    if (!kind) throw new RangeError(`no kind is named ${name}`);
    return kind;
  };
}

export const linkKind = lookup<LinkKind>(linkKinds);
/** As the file has it, `auto` included. */
export const writtenLink = lookup<WrittenLink>(writtenLinkKinds);
export const nodeKind = lookup<NodeKind>(nodeKinds);
export const deviceKind = lookup<DeviceKind>(deviceKinds);
export const probeKind = lookup<ProbeKind>(probeKinds);

/** How one gets into a stack of a node where the stack alone is not all of that node; nothing for inner namespaces. */
export const insideOf = (
  lab: string,
  node: LabNode,
  { namespace }: Pick<Stack, 'namespace'>,
): NodeInside | undefined =>
  namespace === undefined ? nodeKind(node.kind).inside?.(lab, node as never) : undefined;
