import { madeAt } from '../../devices/context.js';
import { deviceKind } from '../kinds.js';
import type { LabNode } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import { didYouMean } from '../suggest.js';

/** Devices that name others of their kind anywhere in the lab: each must be there, and fit. */
export const peerProblems = (nodes: readonly LabNode[]): readonly Problem[] =>
  nodes.flatMap((node) =>
    node.devices.flatMap((spec, index) =>
      (deviceKind(spec.kind).peers?.(spec as never) ?? []).flatMap(({ ref, path }): Problem[] => {
        const at: Path = ['nodes', node.name, 'devices', index, ...path];
        const other = madeAt({ nodes }, ref)?.spec;
        if (other?.kind !== spec.kind) return [noPeer(nodes, spec.kind, ref, at)];
        if (other === spec)
          return [
            { code: 'topology/unknown-device', path: at, what: `\`${spec.name}\` names itself.` },
          ];
        const why = deviceKind(spec.kind).refuses?.(spec as never, other as never);
        if (why === undefined) return [];
        return [
          {
            code: 'topology/wrong-value',
            path: at,
            what: `\`${ref}\` cannot be a peer: ${why}.`,
            fix: 'give both the same, or name another device',
          },
        ];
      }),
    ),
  );

function noPeer(nodes: readonly LabNode[], kind: string, ref: string, path: Path): Problem {
  const refs = nodes.flatMap(({ name: node, devices }) =>
    devices
      .filter((one) => one.kind === kind)
      .map(({ name }) => (name.includes(':') ? `${node}/${name}` : `${node}:${name}`)),
  );
  return {
    code: 'topology/unknown-device',
    path,
    what: `The lab has no ${kind} device \`${ref}\`.`,
    fix: () => didYouMean(ref, refs),
  };
}
