import type { LocalDevice, Mention } from '../../devices/define.js';
import { parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import { under, type Path, type Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { unknownNamespace } from './namespaces.js';

type Report = (...problems: readonly Problem[]) => void;

/** Are these the same device of one node? */
export const same = (a: LocalDevice, b: LocalDevice): boolean =>
  a.name === b.name && a.namespace === b.namespace;

/** The devices that the node's devices make or take, with their place in the node's spec. */
export function mentions(
  spec: NodeSpec,
  role: 'makes' | 'takes',
): { device: Mention; path: Path; by: string }[] {
  return spec.devices.flatMap((device, index) =>
    deviceKind(device.kind)
      [role](device as never)
      .map((mention) => ({
        device: mention,
        path: ['devices', index, ...mention.path],
        by: device.name,
      })),
  );
}

/** What a device takes must exist, in the taker's namespace, and be nobody else's. */
export function checkClaims(
  spec: NodeSpec,
  devices: readonly LocalDevice[],
  base: Path,
  find: (text: string, path: Path) => unknown,
  report: Report,
): void {
  const made = mentions(spec, 'makes');
  for (const mention of made) {
    const { namespace } = mention.device;
    if (namespace !== undefined && !spec.namespaces.includes(namespace))
      report(
        unknownNamespace(
          String(base[1]),
          namespace,
          spec.namespaces,
          [...base, ...mention.path],
          false,
        ),
      );
  }
  const taken: { device: LocalDevice; by: string }[] = [];
  for (const { device, path, by } of mentions(spec, 'takes')) {
    const text =
      device.namespace === undefined ? device.name : `${device.namespace}:${device.name}`;
    if (!devices.some((other) => same(other, device))) find(text, path);
    const home = parseLocal(by).namespace;
    if (device.namespace !== home) {
      report(
        ...[
          under(base, {
            code: 'topology/other-namespace',
            path,
            what: `\`${by}\` and \`${text}\` are in different namespaces.`,
          }),
        ],
      );
    }
    const before = taken.find((other) => same(other.device, device));
    if (before) {
      report({
        code: 'topology/device-taken',
        path: [...base, ...path],
        what: `\`${text}\` already belongs to \`${before.by}\`.`,
      });
    }
    taken.push({ device, by });
  }
}
