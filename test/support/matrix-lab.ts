import { afterAll, beforeAll, expect } from 'vitest';
import { cli, scratchFolder, topologyFile } from './cli.js';
import { frameMatrix, type Cell } from './frame-matrix.js';

/** A lab that is up while the tests of a file run, and what frames of every class did in it. */
interface MatrixLab {
  /** Its file. */
  readonly file: string;
  readonly cells: readonly Cell[];
}

/**
 * Build a lab, send each frame over its pairs, and take it down after the tests. To be called where the test file is loaded.
 * @param ready - settles when frames may be sent
 */
export function matrixLab(
  text: string,
  options: Parameters<typeof frameMatrix>[1],
  ready?: () => Promise<unknown>,
): MatrixLab {
  const folder = scratchFolder();
  const [, name = ''] = /^name: (\S+)$/m.exec(text) ?? [];
  const lab: { file: string; cells: readonly Cell[] } = { file: '', cells: [] };
  beforeAll(async () => {
    lab.file = await topologyFile(folder, `${name}.yaml`, text);
    expect(await cli(['up', lab.file])).toMatchObject({ exitCode: 0 });
    await ready?.();
    lab.cells = await frameMatrix(text, options);
  });
  afterAll(async () => {
    expect((await cli(['down', name])).exitCode).toBe(0);
  });
  return lab;
}
