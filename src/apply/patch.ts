import { patchesAfter, patchesIn, repatched, type Patches } from '../topology/patch.js';
import type { LabLink } from '../topology/lab.js';
import { alterLab, type AlterOptions } from './live.js';

/**
 * Patch ports of a panel of a lab that is up to each other, or leave them open, all in one go, and store that they are so. What
 * other ports are patched to stays, and loses no frame.
 * @param link - id of the panel
 * @param open - ports that are patched to nothing then
 * @returns the panel as it is then, and whether that changed something
 * @throws PatchlabError `lab/unknown`, `lab/busy`, `apply/step`, `apply/aborted`; then all is as it was
 */
export async function patchPanel(
  name: string,
  link: string,
  made: Patches,
  open: readonly string[],
  options: AlterOptions = {},
): Promise<{ readonly panel: LabLink; readonly changed: boolean }> {
  const [before, lab] = await alterLab(
    name,
    (was) =>
      repatched(was, (one) =>
        one.id === link
          ? patchesAfter(patchesIn(one), made, open)
          : one.cablesInFile && patchesIn(one),
      ),
    options,
  );
  const panel = lab.links.find(({ id }) => id === link);
  if (!panel) throw new RangeError(`no link is named ${link}`);
  return { panel, changed: lab !== before };
}
