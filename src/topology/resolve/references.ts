import { parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import type { LabNode } from '../lab.js';
import type { Problem } from '../problem.js';
import { didYouMean } from '../suggest.js';

/** Devices that refer to others of their kind, in whatever node: those must be there. */
export function referenceProblems(nodes: readonly LabNode[]): readonly Problem[] {
  const all = nodes.flatMap((node) =>
    node.devices.map((spec, index) => ({ node, spec, index, refs: refersTo(spec) })),
  );
  if (all.every(({ refs }) => refs.length === 0)) return [];
  return all.flatMap(({ node, spec, index, refs }) => {
    const named = all.filter((one) => one.spec.kind === spec.kind).map(refOf);
    const own = refOf({ node, spec });
    return refs
      .filter(({ ref }) => !named.includes(ref) || ref === own)
      .map(({ ref, path }): Problem => ({
        code: 'topology/unknown-device',
        path: ['nodes', node.name, 'devices', index, ...path],
        what:
          ref === own
            ? `\`${ref}\` is the device itself.`
            : `No node of the lab makes a device \`${ref}\` of kind \`${spec.kind}\`.`,
        fix: () =>
          didYouMean(
            ref,
            named.filter((one) => one !== own),
          ),
      }));
  });
}

const refersTo = (spec: LabNode['devices'][number]) =>
  deviceKind(spec.kind).refers?.(spec as never) ?? [];

const refOf = ({ node, spec }: Pick<Named, 'node' | 'spec'>): string => {
  const { namespace, name } = parseLocal(spec.name);
  return `${node.name}${namespace === undefined ? '' : `/${namespace}`}:${name}`;
};

interface Named {
  readonly node: LabNode;
  readonly spec: LabNode['devices'][number];
}
