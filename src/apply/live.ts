import { ANY_FACTS } from '../links/define.js';
import { planLab, requirementsBeyond } from '../plan/plan.js';
import type { Resource } from '../plan/resources/define.js';
import { difference } from '../plan/resources/difference.js';
import { sameData } from '../same-data.js';
import type { Lab } from '../topology/lab.js';
import { changeLab } from './change.js';
import { requireHost } from './doctor/index.js';
import { withHosts, withLab } from './session.js';
import { unknownLab } from './state.js';
import type { UpOptions } from './up.js';

/** What may be told of a change of a lab that is up. */
export type AlterOptions = Pick<UpOptions, 'signal' | 'onEvent'>;

/**
 * Make something of a lab that is up otherwise than its file says, and store that it is. Where nothing is otherwise, nothing is
 * done.
 * @param alter - the lab as it is to be, or the same where it is so already
 * @returns the lab as it was, and as it is now
 * @throws PatchlabError `lab/unknown`, `lab/busy`, `host/lacks`, `apply/step`, `apply/aborted`; then all is as it was
 */
export const alterLab = (
  name: string,
  alter: (lab: Lab) => Lab,
  options: AlterOptions,
): Promise<readonly [before: Lab, after: Lab]> =>
  withLab(name, async (stored) => {
    if (!stored) throw unknownLab(name);
    const lab = alter(stored.lab);
    if (lab === stored.lab) return [lab, lab];
    const [was, wanted] = [planLab(stored.lab, ANY_FACTS), planLab(lab, ANY_FACTS)];
    const { signal } = options;
    await requireHost(requirementsBeyond(was.requirements, wanted.requirements), { signal });
    const resources = replanned(stored.plan.resources, was.resources, wanted.resources);
    const plan = { ...stored.plan, resources };
    const what = difference(stored.plan.resources, resources);
    const { extra } = stored;
    await withHosts(stored.plan, (hosts) =>
      changeLab({ stored, lab, plan, what }, hosts, { ...options, extra }),
    );
    return [stored.lab, lab];
  });

/** The resources of a lab once it is another one: only what differs between the two is planned anew, so that nothing else on the host matters. */
function replanned(
  built: readonly Resource[],
  before: readonly Resource[],
  wanted: readonly Resource[],
): readonly Resource[] {
  const byId = (all: readonly Resource[]) => new Map(all.map((one) => [one.id, one]));
  const [old, was, now] = [byId(built), byId(before), byId(wanted)];
  return [
    ...built.filter(({ id }) => !now.has(id) && !was.has(id)),
    ...wanted.map((one) => {
      const same = was.get(one.id);
      return same && sameData(same, one) ? (old.get(one.id) ?? one) : one;
    }),
  ];
}
