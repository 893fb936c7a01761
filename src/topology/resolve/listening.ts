import { parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** Devices of one stack that would listen at the same UDP port: only the first of them could be brought up. */
export function listeningProblems({ devices }: NodeSpec, base: Path): readonly Problem[] {
  const first = new Map<string, { readonly name: string; readonly shares: string | undefined }>();
  return devices.flatMap((device, index): readonly Problem[] => {
    const { name, kind } = device;
    const listens = deviceKind(kind).listens?.(device);
    if (!listens) return [];
    const { port, field } = listens;
    const shares = listens.isShared === true ? kind : undefined;
    const key = `${parseLocal(name).namespace ?? ''} ${port}`;
    const before = first.get(key);
    if (!before) first.set(key, { name, shares });
    if (!before || (shares !== undefined && shares === before.shares)) return [];
    return [
      {
        ...{ code: 'topology/wrong-value', path: [...base, 'devices', index] },
        what: `\`${name}\` listens at UDP port ${port}, at which \`${before.name}\` in the same stack listens already.`,
        fix: `give one of them another \`${field}\``,
      },
    ];
  });
}
