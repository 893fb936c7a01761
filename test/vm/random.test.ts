import { it } from 'vitest';
import { scratchFolder } from '../support/cli.js';
import { proveAll, PROVING } from '../support/random-proved.js';
import { randomVlans } from '../support/random-vlans.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';

/** Bridges by chance that filter VLANs, in one guest, with checks by chance: nothing that is observed contradicts the model. */

const folder = scratchFolder();
const CHECKS = 20;
/** So many labs share the guest. */
const BATCH = isLong ? 4 : 1;
const BATCHES = isLong ? 6 : 1;

const random = randomFrom(seedFor('random VLANs', 20261126));

it.each(Array.from({ length: BATCHES }, (_, batch) => batch))(
  'batch %i: no prediction is contradicted, and no blame names what is not on the way',
  async (batch) => {
    const labs = Array.from({ length: BATCH }, (_, at) => randomVlans(random, at, CHECKS));
    await proveAll(folder, `vlans${batch}`, labs);
  },
  PROVING,
);
