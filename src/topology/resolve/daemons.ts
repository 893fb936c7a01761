import { parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** Devices that a daemon or a module makes, in nodes that have none. */
export function daemonProblems(name: string, spec: NodeSpec, base: Path): readonly Problem[] {
  const { guest, kernel, disk } = spec as { guest?: string; kernel?: string; disk?: string };
  return spec.devices.flatMap((device, index): readonly Problem[] => {
    const { daemon } = deviceKind(device.kind);
    if (!daemon) return [];
    const at: Path = [...base, 'devices', index];
    const { namespace } = parseLocal(device.name);
    if (guest === undefined)
      return [
        {
          ...{ code: 'topology/wrong-value', path: [...at, 'kind'] },
          what: `${name} is no guest, and has no ${daemon.name} of its own.`,
          fix: `write \`kind: vm\` and \`guest: ${daemon.guest}\`${daemon.fix}`,
        },
      ];
    // What a kernel or a disk of the user's has, only the user knows.
    if (kernel === undefined && disk === undefined && guest !== daemon.guest)
      return [
        {
          ...{ code: 'topology/wrong-value', path: [...at, 'kind'] },
          what: `${name} runs \`${guest}\`, in which there is no ${daemon.name}.`,
          fix: `write \`guest: ${daemon.guest}\` at ${name}`,
        },
      ];
    if (namespace === undefined || daemon.isEverywhere) return [];
    return [
      {
        ...{ code: 'topology/wrong-value', path: [...at, 'name'] },
        what: `${daemon.name} runs in ${name}'s own stack, and makes nothing in the namespace ${namespace}.`,
        fix: `write \`${parseLocal(device.name).name}\`, and lead \`${namespace}\` to it by a veth pair`,
      },
    ];
  });
}
