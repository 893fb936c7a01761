import { writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import { cli, topologyFile, verify } from './cli.js';
import { fileText } from './lab-of.js';
import { contradictions, together } from './random-checked.js';

type Verdicts = Awaited<ReturnType<typeof verify>>['verdicts'];

/** Milliseconds for some labs that are up at once. */
export const PROVING = 900_000;

/**
 * Build labs side by side, prove them, and hold what is observed against the model: nothing contradicts it. What does is
 * kept, with its lab, in a file of the machine's own.
 */
export async function proveAll(
  folder: string,
  name: string,
  labs: readonly LabDefinition[],
): Promise<Verdicts> {
  const lab = together(name, labs);
  const file = await topologyFile(folder, `${name}.yaml`, fileText(lab));
  try {
    expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
    const { verdicts, findings } = await verify(name);
    expect(verdicts).toHaveLength(lab.verify?.length ?? 0);
    const wrong = contradictions(lab, verdicts);
    const kept = `/tmp/patchlab-${name}-${process.pid}-${Date.now()}.json`;
    if (wrong.length > 0) await writeFile(kept, JSON.stringify({ lab, wrong }, null, 1));
    expect(
      wrong.map(({ check, wrong: what, predicted, blame }) => ({ check, what, predicted, blame })),
    ).toEqual([]);
    // Nobody hears what the model lets come to nobody.
    expect(findings.filter(({ kind }) => kind === 'leak')).toEqual([]);
    // The seed gives both what passes and what does not.
    const count = (outcome: string): number =>
      verdicts.filter((verdict) => verdict.outcome === outcome).length;
    expect(count('pass')).toBeGreaterThan(verdicts.length / 10);
    expect(count('fail')).toBeGreaterThan(verdicts.length / 10);
    return verdicts;
  } finally {
    await cli(['down', name]);
  }
}
