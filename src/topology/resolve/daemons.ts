import { hasOwnSwitch } from '../../own-switch.js';
import type { Where } from '../../where.js';
import { parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** Devices that a daemon makes, in nodes where no such daemon runs. */
export function daemonProblems(
  name: string,
  spec: NodeSpec,
  own: Where | undefined,
  base: Path,
): readonly Problem[] {
  const { guest, kernel, disk } = spec as { guest?: string; kernel?: string; disk?: string };
  return spec.devices.flatMap((device, index): readonly Problem[] => {
    const { daemon } = deviceKind(device.kind);
    if (!daemon) return [];
    const at: Path = [...base, 'devices', index];
    const { namespace } = parseLocal(device.name);
    // A namespace of this machine gets one of its own.
    if (own && hasOwnSwitch(own)) return [];
    if (guest === undefined)
      return [
        {
          ...{ code: 'topology/wrong-value', path: [...at, 'kind'] },
          what: `${name} is held by a guest in which there is no ${daemon.name}.`,
          fix: `write \`kind: vm\` and \`guest: ${daemon.guest}\`, or build the lab on this machine`,
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
    if (namespace === undefined) return [];
    return [
      {
        ...{ code: 'topology/wrong-value', path: [...at, 'name'] },
        what: `${daemon.name} runs in ${name}'s own stack, and makes nothing in the namespace ${namespace}.`,
        fix: `write \`${parseLocal(device.name).name}\`, and lead \`${namespace}\` to it by a veth pair`,
      },
    ];
  });
}
