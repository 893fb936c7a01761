import { sameData } from '../same-data.js';
import type { Impairment } from '../topology/impairment.js';
import type { Lab } from '../topology/lab.js';
import { impairmentsIn, withImpairments } from '../topology/live.js';
import { alterLab, type AlterOptions } from './live.js';

/**
 * Impair what ports of a lab that is up send, whatever its file says, all in one go, and store that they do. What is so
 * already stays.
 * @param ports - by reference
 * @param impairment - empty for none
 * @returns the lab as it is then, and the ports of which that changed something
 * @throws PatchlabError `lab/unknown`, `lab/busy`, `host/lacks`, `apply/step`, `apply/aborted`; then all is as it was
 */
export async function impairPorts(
  name: string,
  ports: readonly string[],
  impairment: Impairment,
  options: AlterOptions = {},
): Promise<{ readonly lab: Lab; readonly changed: readonly string[] }> {
  const [before, lab] = await alterLab(
    name,
    (was) =>
      withImpairments(was, ({ port, impair, live }) => {
        if (!ports.includes(port.ref)) return live;
        if (live && sameData(live, impairment)) return live;
        return sameData(impairment, impair ?? {}) ? undefined : impairment;
      }),
    options,
  );
  const [old, now] = [impairmentsIn(before), impairmentsIn(lab)];
  const changed = ports.filter((port) => !sameData(old.get(port) ?? {}, now.get(port) ?? {}));
  return { lab, changed };
}
