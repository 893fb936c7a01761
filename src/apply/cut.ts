import { cutIn, cutsAfter, withCuts, type Plugging } from '../topology/cut.js';
import { alterLab, type AlterOptions } from './live.js';

/**
 * Pull or plug the cables of links of a lab that is up, all in one go, and store that they are. What is so already stays.
 * @returns ids of the links of which that changed something
 * @throws PatchlabError `lab/unknown`, `lab/busy`, `apply/step`, `apply/aborted`; then all is as it was
 */
export async function plugLinks(
  name: string,
  how: Plugging,
  links: readonly string[],
  options: AlterOptions = {},
): Promise<readonly string[]> {
  const [before] = await alterLab(
    name,
    (lab) => withCuts(lab, cutsAfter(cutIn(lab), how, links)),
    options,
  );
  const cuts = cutIn(before);
  return links.filter((id) => cuts.includes(id) !== (how === 'cut'));
}
