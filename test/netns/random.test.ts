import { afterAll, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { cli, scratchFolder, topologyFile, verify } from '../support/cli.js';
import { fileText } from '../support/lab-of.js';
import { DECOY } from '../support/random-filters.js';
import { randomLab, together } from '../support/random-lab.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';

/** Labs by chance, with checks by chance: nothing that is observed contradicts what the model predicts. */

const folder = scratchFolder();
const CHECKS = 20;
/** So many labs are up at once. */
const BATCH = isLong ? 25 : 12;
const BATCHES = isLong ? 4 : 1;

const random = randomFrom(seedFor('random labs', 20261126));
const contradictions: object[] = [];

afterAll(() => {
  if (isLong || contradictions.length > 0)
    writeFileSync(join(tmpdir(), 'patchlab-random.json'), JSON.stringify(contradictions, null, 1));
});

it.each(Array.from({ length: BATCHES }, (_, batch) => batch))(
  'batch %i: no prediction is contradicted',
  async (batch) => {
    const labs = Array.from({ length: BATCH }, (_, at) =>
      randomLab(random, `p${at}`, 10 + at, CHECKS),
    );
    const name = `random${batch}`;
    const file = await topologyFile(folder, `${name}.yaml`, fileText(together(name, labs)));
    try {
      expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
      const { verdicts } = await verify(name);
      expect(verdicts).toHaveLength(BATCH * CHECKS);
      const wrong = verdicts.flatMap((verdict, index) =>
        verdict.surprise !== null || verdict.outcome === 'error'
          ? [{ verdict, lab: labs[Math.floor(index / CHECKS)], check: index % CHECKS }]
          : [],
      );
      contradictions.push(...wrong);
      expect(
        wrong.map(({ verdict: { surprise, message, predicted, ...of }, lab, check }) => ({
          ...{ check: lab?.verify?.[check], surprise, message, predicted, blame: of.blame },
        })),
      ).toEqual([]);
      // The seed gives both what passes and what does not.
      const outcomes = verdicts.map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'pass').length).toBeGreaterThan(10);
      expect(outcomes.filter((outcome) => outcome === 'fail').length).toBeGreaterThan(10);
      const filters = verdicts.flatMap(
        ({ blame }) => /nftables .*/.exec(blame?.reason ?? '') ?? [],
      );
      expect(filters.filter((reason) => reason.includes(` ${DECOY},`))).toEqual([]);
      expect(filters.length).toBeGreaterThan(3);
    } finally {
      await cli(['down', name]);
    }
  },
  600_000,
);
