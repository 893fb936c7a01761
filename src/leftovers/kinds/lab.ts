import { existsSync } from 'node:fs';
import { bootId } from '../../apply/boot-id.js';
import { down } from '../../apply/down.js';
import { isLocked } from '../../apply/lock.js';
import { readMarks } from '../../apply/marks.js';
import { readAllStored } from '../../apply/read-stored.js';
import { withHosts } from '../../apply/session.js';
import { isLabName, labFiles, labsDir, storedNames } from '../../apply/state.js';
import { firstOf } from '../../apply/teardown-error.js';
import { thingType } from '../../apply/things/index.js';
import { defineLeftover, type Leftover } from '../define.js';

interface OfLab extends Leftover {
  readonly lab: string;
}

/** What labs have made that are not known any more, by the marks on it; and what is stored of labs of which nothing else can be left. */
export const ofLab = defineLeftover<OfLab>({
  kind: 'lab',
  async find() {
    const known = new Set(await storedNames());
    const marks = await withHosts({ domains: [] }, ({ libvirt }) => readMarks(libvirt));
    const things = marks.found
      .filter(({ lab }) => isLabName(lab) && !known.has(lab))
      .map(({ lab, owned }): OfLab => {
        const { noun, mark } = thingType(owned.type);
        const why = `${mark(lab)}, and no lab ${lab} is known in ${labsDir()}`;
        return { what: noun, name: owned.name, why, lab };
      });
    return [...things, ...(await storedInVain())];
  },
  async remove(found) {
    const errors: unknown[] = [];
    for (const lab of new Set(found.map((one) => one.lab)))
      await down(lab).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw firstOf(errors);
  },
});

/** Labs that a reboot has taken away, and those whose `up` was killed before it began to build. */
async function storedInVain(): Promise<readonly OfLab[]> {
  const boot = await bootId();
  const { labs, damaged } = await readAllStored();
  const ended = labs.filter((one) => one.boot !== boot).map(({ lab }) => lab.name);
  const never = damaged
    .map(({ name }) => name)
    .filter((name) => isLabName(name) && !existsSync(labFiles(name).lab))
    .filter((name) => !existsSync(labFiles(name).journal));
  const all = [
    ...ended.map((lab) => [lab, 'the machine was booted since it was built'] as const),
    ...never.map((lab) => [lab, '`up` was killed before it began to build'] as const),
  ];
  const free = await Promise.all(
    all.map(async (one) => ((await isLocked(labFiles(one[0]).lock)) ? [] : [one])),
  );
  return free.flat().map(([lab, why]) => ({ what: 'lab', name: lab, why, lab }));
}
