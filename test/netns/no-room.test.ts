import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cli, scratchFolder, topology, verify } from '../support/cli.js';
import { pathWithout } from '../support/path-without.js';

/** What `verify` says where it can make no pipes: it waited for ever. */

const folder = scratchFolder();
const full = join(folder, 'full');
const NAME = 'namespace-cable';

beforeAll(async () => {
  await mkdir(full);
  await execa('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=1', 'tmpfs', full]);
});
afterAll(() => execa('umount', [full]));
afterEach(() => cli(['down', '--all']));

it('is an error of the checks where no file system has an inode left', async () => {
  await cli(['up', topology(`${NAME}.yaml`)]);
  const { exitCode, verdicts } = await verify(NAME, { TMPDIR: full, PATCHLAB_RUN: full });
  expect(exitCode).toBe(3);
  expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['error']));
  expect(verdicts[0]?.message).toContain(`ENOSPC: no space left on device, mkdtemp '${full}`);
});

it('is none where only the temporary folder is full', async () => {
  await cli(['up', topology(`${NAME}.yaml`)]);
  expect((await verify(NAME, { TMPDIR: full })).exitCode).toBe(0);
});

it('is an error that names mkfifo where that is missing', async () => {
  await cli(['up', topology(`${NAME}.yaml`)]);
  const { path, remove } = await pathWithout('mkfifo');
  const { exitCode, verdicts } = await verify(NAME, { PATH: path }).finally(remove);
  expect(exitCode).toBe(3);
  expect(verdicts[0]?.message).toContain('The program `mkfifo` is not installed.');
});
