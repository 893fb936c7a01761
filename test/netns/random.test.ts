import { expect, it } from 'vitest';
import { scratchFolder } from '../support/cli.js';
import { randomLab } from '../support/random-lab.js';
import { proveAll, PROVING } from '../support/random-proved.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';

/** Labs by chance, with checks by chance: nothing that is observed contradicts what the model predicts. */

const folder = scratchFolder();
const CHECKS = 20;
/** So many labs are up at once. */
const BATCH = isLong ? 25 : 8;
const BATCHES = isLong ? 4 : 1;

const random = randomFrom(seedFor('random labs', 20261126));

it.each(Array.from({ length: BATCHES }, (_, batch) => batch))(
  'batch %i: no prediction is contradicted, and no blame names what is not on the way',
  async (batch) => {
    const labs = Array.from({ length: BATCH }, (_, at) =>
      randomLab(random, `p${at}`, 10 + at, CHECKS),
    );
    const verdicts = await proveAll(folder, `random${batch}`, labs);
    const filtered = verdicts.filter(({ blame }) => blame?.reason?.includes('nftables'));
    expect(filtered.length).toBeGreaterThan(3);
  },
  PROVING,
);
