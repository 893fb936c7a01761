import { PatchlabError } from '../errors.js';
import type { Owned, Step } from '../plan/step.js';
import { commandLine } from '../plan/tools/index.js';
import { escapeCommand } from './command.js';
import { readInventory } from './inventory.js';
import type { Libvirt } from './libvirt.js';
import { ownership } from './ownership.js';
import { describeOwned } from './things/index.js';

/**
 * Demand that nothing which the steps of a lab will make is on the host yet, whoever made it.
 * @param known - what the lab has had: what is left of that is in nobody's way, another's thing of its name is
 * @throws PatchlabError `apply/taken` with everything that is in the way, and how to remove it
 */
export async function demandFree(
  { lab, steps }: { readonly lab: string; readonly steps: readonly Step[] },
  libvirt: Pick<Libvirt, 'list'>,
  known: readonly Owned[] = [],
): Promise<void> {
  const names = new Set(known.map(describeOwned));
  const makers = steps.flatMap(({ owns, undo }) => (owns ? [{ owns, undo }] : []));
  const inventory = await readInventory(
    makers.map(({ owns }) => owns),
    libvirt,
  );
  const taken = makers.filter(({ owns }) => {
    const whose = ownership(owns, lab, inventory);
    return whose === 'foreign' || (whose === 'ours' && !names.has(describeOwned(owns)));
  });
  if (taken.length === 0) return;
  const told = taken.map(({ owns }) => describeOwned(owns)).join(', ');
  const removals = taken.flatMap(({ undo }) =>
    undo ? [`\`${escapeCommand(commandLine(undo.tool, [undo]).argv)}\``] : [],
  );
  throw new PatchlabError('apply/taken', {
    what: `Lab \`${lab}\` cannot be built: there is already ${told}.`,
    why: 'The lab needs these names, and patchlab changes nothing that it has not made itself.',
    fix: `If they are yours to remove: ${removals.join(', ')}. Otherwise give the lab another name.`,
  });
}
