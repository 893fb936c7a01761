import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import {
  cli,
  expectHostAsBefore,
  root,
  scratchFolder,
  topology,
  topologyFile,
  restoresHost,
} from '../support/cli.js';

const bin = join(root, 'bin/patchlab');
const folder = scratchFolder();
const before = restoresHost();

/** A lab that takes long enough to be broken off. */
const long = () =>
  topologyFile(
    folder,
    'long.json',
    JSON.stringify({
      name: 'long',
      nodes: Object.fromEntries(
        Array.from({ length: 150 }, (_, i) => [`n${i}`, { kind: 'netns' }]),
      ),
      links: Array.from({ length: 149 }, (_, i) => ({
        kind: 'veth',
        ends: [`n${i}:right`, `n${i + 1}:left`],
      })),
    }),
  );

const shell = (script: string) => execa('bash', ['-c', script], { reject: false });

describe('a reader that goes away', () => {
  it('is silence for what only prints', async () => {
    await cli(['up', topology('namespace-cable.yaml')]);
    for (const command of [
      'list',
      'status',
      `plan ${topology('namespace-cable.yaml')}`,
      '--help',
    ]) {
      const { stdout, stderr } = await shell(`${bin} ${command} | true; echo \${PIPESTATUS[0]}`);
      expect([command, stdout, stderr]).toEqual([command, '0', '']);
    }
  });

  it('takes down again what `up` was building', async () => {
    const script = `${bin} up ${await long()} 2>&1 | head -1; echo \${PIPESTATUS[0]}`;
    const { stdout } = await shell(script);
    expect(stdout.split('\n').at(-1)).toBe('3');
    expect((await cli(['list'])).stdout).toBe('No lab is up.');
    await expectHostAsBefore(before());
  });

  it('leaves a lab whole that was built before it was noticed', async () => {
    await shell(`${bin} up ${topology('namespace-cable.yaml')} 2>/dev/null | true`);
    expect((await cli(['verify', 'namespace-cable'])).exitCode).toBe(0);
  });
});

describe('a full disk', () => {
  it('is an error with its reason', async () => {
    for (const args of ['--help', 'list', `plan ${topology('namespace-cable.yaml')}`]) {
      const { exitCode, stderr } = await shell(`${bin} ${args} >/dev/full`);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/^error: Standard output could not be written.*ENOSPC/s);
    }
  });
});

describe('Ctrl-C before the building has begun', () => {
  it('says that it was Ctrl-C, whatever was going on', async () => {
    // To the whole group, as a terminal sends it: the program that has just been started hears of it too.
    const up = execa(bin, ['up', topology('lldp-direct.yaml')], { reject: false, detached: true });
    const children = `/proc/${up.pid}/task/${up.pid}/children`;
    const started = () => readFile(children, 'utf8');
    await expect.poll(started, { timeout: 20_000, interval: 1 }).not.toBe('');
    process.kill(-(up.pid ?? 0), 'SIGINT');
    const { exitCode, stderr } = await up;
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/stopped by Ctrl-C|broken off/)]);
    expect(stderr).not.toContain('ended with exit code');
  });
});

describe('who is not root', () => {
  const nobody = { uid: 65534, gid: 65534, reject: false } as const;
  const labs = ['up x.yaml', 'verify x', 'trace a b', 'neighbors x', 'down x', 'status', 'list'];
  const more = ['exec a true', 'console a', 'matrix bridge', 'guest list', 'guest prune'];

  it('takes the images of guests that root has built', async () => {
    const { exitCode, stdout } = await execa(bin, ['guest', 'build', 'mini'], nobody);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/mini is ready: .*initrd$/)]);
  });

  it('is told what else is needed, where there is no folder for what is known of labs', async () => {
    const env = { HOME: '/nonexistent', XDG_STATE_HOME: '' };
    for (const command of [...labs, ...more]) {
      const { exitCode, stderr, stdout } = await execa(bin, command.split(' '), { ...nobody, env });
      expect([command, exitCode, stdout]).toEqual([command, 3, '']);
      expect(stderr).toMatch(
        /\[lab\/state\][\s\S]*fix: Set HOME, XDG_STATE_HOME or PATCHLAB_STATE/,
      );
    }
  });

  it('may plan, predict and draw', async () => {
    for (const command of ['plan', 'predict', 'graph']) {
      const { exitCode, stderr } = await execa(
        bin,
        [command, topology('lldp-direct.yaml')],
        nobody,
      );
      expect([command, exitCode, stderr]).toEqual([command, 0, '']);
    }
  });
});
