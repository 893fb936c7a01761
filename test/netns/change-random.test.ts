import { expect, it } from 'vitest';
import { cli, cliJson, scratchFolder, topologyFile } from '../support/cli.js';
import { labState } from '../support/lab-state.js';
import { fileText } from '../support/lab-of.js';
import { mutated } from '../support/random-change.js';
import { randomLab } from '../support/random-lab.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';

/** A lab that is changed in place is, as it is read back, the lab that is built from nothing. */

const folder = scratchFolder();
const random = randomFrom(seedFor('changes in place', 20261126));
const PAIRS = isLong ? 200 : 6;

it.each(Array.from({ length: PAIRS }, (_, pair) => pair))(
  'pair %i: up of one file and then of another is up of the other',
  async (pair) => {
    const name = `chg${pair}`;
    const first = randomLab(random, name, 10 + (pair % 200), 1);
    const second = random.chance(0.8)
      ? mutated(random, first)
      : { ...randomLab(random, name, 10 + (pair % 200), 1), name: first.name };
    const files = await Promise.all(
      [first, second].map((lab, index) =>
        topologyFile(folder, `${name}-${index}.yaml`, fileText({ ...lab, allow_loops: true })),
      ),
    );
    const [a = '', b = ''] = files;
    const up = async (file: string) => {
      const result = await cli(['up', file, '--no-verify']);
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      // What is read back is what was wanted.
      expect((await cliJson('status', first.name)).result).toMatchObject({ drift: [] });
    };
    const lab = first.name;
    try {
      await up(a);
      await up(b);
      const changed = await labState(lab);
      await cli(['down', lab]);
      await up(b);
      expect(changed).toEqual(await labState(lab));
    } finally {
      await cli(['down', lab]);
    }
  },
  120_000,
);
