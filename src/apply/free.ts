import { PatchlabError } from '../errors.js';
import type { Step } from '../plan/step.js';
import { commandLine } from '../plan/tools/index.js';
import { escapeCommand } from './command.js';
import { readInventory } from './inventory.js';
import type { Libvirt } from './libvirt.js';
import { describeOwned, ownership } from './ownership.js';

/**
 * Demand that nothing which steps will make is on the host yet, whoever made it.
 * @throws PatchlabError `apply/taken` with everything that is in the way, and how to remove it
 */
export async function demandFree(
  lab: string,
  steps: readonly Step[],
  libvirt: Pick<Libvirt, 'list'>,
): Promise<void> {
  const makers = steps.flatMap(({ owns, undo }) => (owns ? [{ owns, undo }] : []));
  const inventory = await readInventory(
    makers.map(({ owns }) => owns),
    libvirt,
  );
  const taken = makers.filter(({ owns }) =>
    ['ours', 'foreign'].includes(ownership(owns, lab, inventory)),
  );
  if (taken.length === 0) return;
  const names = taken.map(({ owns }) => describeOwned(owns)).join(', ');
  const removals = taken.flatMap(({ undo }) =>
    undo ? [`\`${escapeCommand(commandLine(undo.tool, [undo]).argv)}\``] : [],
  );
  throw new PatchlabError('apply/taken', {
    what: `Lab \`${lab}\` cannot be built: there is already ${names}.`,
    why: 'The lab needs these names, and patchlab changes nothing that it has not made itself.',
    fix: `If they are yours to remove: ${removals.join(', ')}. Otherwise give the lab another name.`,
  });
}
