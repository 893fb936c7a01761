import { hasOwnSwitch } from '../../own-switch.js';
import type { Where } from '../../where.js';
import { parseLocal } from '../../devices/local.js';
import { deviceKind, nodeKind } from '../kinds.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** Devices that only a daemon or a module makes, in nodes that have none. */
export function daemonProblems(
  name: string,
  spec: NodeSpec,
  own: Where | undefined,
  base: Path,
): readonly Problem[] {
  const boots = nodeKind(spec.kind).boots?.(spec);
  return spec.devices.flatMap((device, index): readonly Problem[] => {
    const { daemon, onlyIn } = deviceKind(device.kind);
    const maker = onlyIn ?? (daemon && { guest: daemon.guest, what: daemon.name });
    if (!maker) return [];
    const at: Path = [...base, 'devices', index];
    const { namespace } = parseLocal(device.name);
    const wrong = (field: string, what: string, fix: string): readonly Problem[] => [
      { code: 'topology/wrong-value', path: [...at, field], what, fix },
    ];
    // A namespace of this machine gets a daemon of its own.
    if (daemon && own && hasOwnSwitch(own)) return [];
    if (!boots)
      return wrong(
        'kind',
        daemon
          ? `${name} is held by a guest in which there is no ${maker.what}.`
          : `${name} is no guest, and there is no ${maker.what} where it is made.`,
        `write \`kind: vm\` and \`guest: ${maker.guest}\`${daemon ? ', or build the lab on this machine' : ''}`,
      );
    // What a kernel or a disk of the user's has, only the user knows.
    if (boots.guest !== undefined && boots.guest !== maker.guest)
      return wrong(
        'kind',
        `${name} runs \`${boots.guest}\`, in which there is no ${maker.what}.`,
        `write \`guest: ${maker.guest}\` at ${name}`,
      );
    if (namespace === undefined || !daemon) return [];
    return wrong(
      'name',
      `${daemon.name} runs in ${name}'s own stack, and makes nothing in the namespace ${namespace}.`,
      `write \`${parseLocal(device.name).name}\`, and lead \`${namespace}\` to it by a veth pair`,
    );
  });
}
