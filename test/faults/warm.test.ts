import { chmod, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { cacheFolder } from '../../src/guests/cache.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  startCli,
  topologyFile,
} from '../support/cli.js';

/** An `up` that ends while it boots the guest that is to be stored. */

const cache = scratchFolder();
const states = join(cache, 'states');
const cacheBefore = process.env.PATCHLAB_CACHE;
const name = `fwm-${process.pid.toString(36)}`;
let file: string;
let before: string;

beforeAll(async () => {
  await cli(['guest', 'build', 'mini']);
  await chmod(cache, 0o711);
  await symlink(join(cacheFolder(), 'guests'), join(cache, 'guests'));
  process.env.PATCHLAB_CACHE = cache;
  file = await topologyFile(
    cache,
    'lab.yaml',
    `name: ${name}\nnodes: { a: { kind: vm } }\nlinks: []\n`,
  );
});

afterAll(() => {
  if (cacheBefore === undefined) delete process.env.PATCHLAB_CACHE;
  else process.env.PATCHLAB_CACHE = cacheBefore;
});

beforeEach(async () => {
  before = await hostSnapshot();
});

afterEach(async () => {
  await cli(['down', name]);
  await expectHostAsBefore(before);
});

const domains = async (): Promise<string> =>
  (await execa('virsh', ['-q', '-c', 'qemu:///system', 'list', '--name'])).stdout;

/** `patchlab up`, ended by a signal as soon as a domain is there: the one that is to be stored, or another. */
async function upEndedBy(
  signal: 'SIGINT' | 'SIGKILL',
  domain = 'patchlab-template-',
): Promise<void> {
  const up = startCli(['up', file]);
  await expect.poll(domains, { timeout: 120_000, interval: 20 }).toContain(domain);
  up.kill(signal);
  expect((await up).exitCode).not.toBe(0);
}

it('leaves nothing after Ctrl-C', async () => {
  await upEndedBy('SIGINT');
  expect(await domains()).toBe('');
  expect(await readdir(states)).toEqual([]);
});

it('is mended by down after it was killed', async () => {
  await upEndedBy('SIGKILL');
  expect(await domains()).toContain('patchlab-template-');
  await cli(['down', name]);
  expect(await domains()).toBe('');
  expect(await readdir(states)).toEqual([]);
});

it('is mended by prune after it was killed', async () => {
  await upEndedBy('SIGKILL');
  const { exitCode, result } = await cliJson('guest prune');
  expect([exitCode, result.states]).toMatchObject([0, [{ use: 'unfinished' }]]);
  expect(await domains()).not.toContain('patchlab-template-');
});

it('is mended by the next up after it was killed, which starts warm', async () => {
  await upEndedBy('SIGKILL');
  const { exitCode, result } = await cliJson('up', file);
  expect([exitCode, result.guests]).toMatchObject([0, [{ node: 'a', start: 'warm' }]]);
  expect(await domains()).toBe(`${name}.a`);
  expect(await readdir(states)).toHaveLength(1);
});

it.each(['SIGINT', 'SIGKILL'] as const)(
  'leaves nothing when a guest was starting warm, after %s and down',
  async (signal) => {
    expect(await readdir(states)).toHaveLength(1);
    await upEndedBy(signal, `${name}.a`);
    await cli(['down', name]);
    expect(await domains()).toBe('');
    expect(await readdir(states)).toHaveLength(1);
  },
);
