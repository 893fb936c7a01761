import { ANY_FACTS } from '../links/define.js';
import { planLab } from '../plan/plan.js';
import type { Resource } from '../plan/resources/define.js';
import { difference } from '../plan/resources/difference.js';
import { sameData } from '../same-data.js';
import { cutIn, cutsAfter, withCuts, type Plugging } from '../topology/cut.js';
import type { Lab } from '../topology/lab.js';
import { changeLab } from './change.js';
import { unknownLab } from './state.js';
import { withHosts, withLab } from './session.js';
import type { UpOptions } from './up.js';

/**
 * Pull or plug the cables of links of a lab that is up, all in one go, and store that they are. What is so already stays.
 * @returns ids of the links of which that changed something
 * @throws PatchlabError `lab/unknown`, `lab/busy`, `apply/step`, `apply/aborted`; then all is as it was
 */
export const plugLinks = (
  name: string,
  how: Plugging,
  links: readonly string[],
  options: Pick<UpOptions, 'signal' | 'onEvent'> = {},
): Promise<readonly string[]> =>
  withLab(name, async (stored) => {
    if (!stored) throw unknownLab(name);
    const cuts = cutIn(stored.lab);
    const lab = withCuts(stored.lab, cutsAfter(cuts, how, links));
    if (lab === stored.lab) return [];
    const plan = { ...stored.plan, resources: replanned(stored.plan.resources, stored.lab, lab) };
    const what = difference(stored.plan.resources, plan.resources);
    const { extra } = stored;
    await withHosts(stored.plan, (hosts) =>
      changeLab({ stored, lab, plan, what }, hosts, { ...options, extra }),
    );
    return links.filter((id) => cuts.includes(id) !== (how === 'cut'));
  });

/** The resources of a lab once it is another one: only what differs between the two is planned anew, so that nothing else on the host matters. */
function replanned(built: readonly Resource[], before: Lab, after: Lab): readonly Resource[] {
  const byId = (all: readonly Resource[]) => new Map(all.map((one) => [one.id, one]));
  const [old, was] = [byId(built), byId(planLab(before, ANY_FACTS).resources)];
  const wanted = planLab(after, ANY_FACTS).resources;
  const now = byId(wanted);
  return [
    ...built.filter(({ id }) => !now.has(id) && !was.has(id)),
    ...wanted.map((one) => {
      const same = was.get(one.id);
      return same && sameData(same, one) ? (old.get(one.id) ?? one) : one;
    }),
  ];
}
