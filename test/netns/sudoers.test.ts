import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programOfRoot, sudoRules } from '../../src/cli/sudoers.js';
import { cli, root, scratchFolder } from '../support/cli.js';

/** The rules by which group libvirt runs what stays with root: sudo takes them, and they give no more than they say. */

const program = join(root, 'bin/patchlab');
const has = async (name: string): Promise<boolean> =>
  (await execa('sh', ['-c', `command -v ${name}`], { reject: false })).exitCode === 0;
const hasSudo = (await has('visudo')) && (await has('sudo'));
const group = (await execa('getent', ['group', 'libvirt'], { reject: false })).stdout.split(':')[2];

const folder = scratchFolder();

it('are printed, and only for a program that nobody but root can change', async () => {
  const { exitCode, stdout, stderr } = await cli(['doctor', '--sudoers']);
  let mine: string | undefined;
  try {
    mine = programOfRoot(program);
  } catch {
    // The checkout is somebody else's.
  }
  if (mine === undefined) expect([exitCode, stderr]).toEqual([4, expect.stringContaining('who')]);
  else expect([exitCode, stdout]).toEqual([0, sudoRules(mine).trimEnd()]);
  const other = join(folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'patchlab'), '');
  chownSync(other, 65_534, 65_534);
  expect(() => programOfRoot(join(other, 'patchlab'))).toThrow('No rules are given');
});

describe.skipIf(!hasSudo || !group)(
  'by sudo (skipped where it or group libvirt is missing)',
  () => {
    const rules = join(folder, 'rules');
    const home = join(folder, 'home');
    beforeAll(async () => {
      for (const own of [rules, home]) mkdirSync(own);
      for (const own of [folder, rules]) chmodSync(own, 0o755);
      chownSync(home, 65_534, 65_534);
      writeFileSync(join(rules, 'patchlab'), sudoRules(program), { mode: 0o440 });
      // On this private host alone.
      await execa('mount', ['--bind', rules, '/etc/sudoers.d']);
    });
    afterAll(() => execa('umount', ['/etc/sudoers.d']));

    /** sudo as somebody in the group, in a folder of his own. */
    const sudo = async (...args: readonly string[]) => {
      const as = ['--reuid', '65534', '--regid', '65534', '--groups', group ?? ''];
      const { exitCode, stdout, stderr } = await execa('setpriv', [...as, 'sudo', '-n', ...args], {
        ...{ cwd: home, reject: false },
      });
      return { exitCode, said: stdout + stderr };
    };

    it('are accepted', async () => {
      const { stdout } = await execa('visudo', ['-c', '-f', join(rules, 'patchlab')]);
      expect(stdout).toContain('parsed OK');
    });

    it('let a lab that comes with patchlab be built, proved and removed', async () => {
      for (const words of [['up', 'namespace-cable'], ['verify', 'namespace-cable'], ['list']])
        expect(await sudo(program, ...words)).toMatchObject({ exitCode: 0 });
      expect(await sudo(program, 'down', 'namespace-cable')).toMatchObject({ exitCode: 0 });
    });

    const refused: readonly (readonly string[])[] = [
      ['up', './own.yaml'],
      ['up', '/etc/patchlab/labs/../../../tmp/own.yaml'],
      ['up', 'namespace-cable', '--in-guest'],
      ['up', '--rootless'],
      ['verify', 'namespace-cable', '--evidence', '/etc/cron.d'],
      ['exec', 'a', '--', 'sh'],
      ['capture', 'namespace-cable'],
      ['down', '--all'],
      ['down', 'a', '--json', 'b'],
      ['list', '--json', '--rootless'],
      [],
    ];
    it.each(refused.map((words) => ({ line: words.join(' '), words })))(
      'refuse `$line`',
      async ({ words }) => {
        expect((await sudo('-l', program, ...words)).exitCode).toBe(1);
      },
    );

    it('refuse what the environment would change, and read no file of the folder that one is in', async () => {
      expect((await sudo('PATCHLAB_STATE=/tmp', program, 'list')).said).toContain('not allowed');
      symlinkSync('/etc/shadow', join(home, 'shadow'));
      writeFileSync(join(home, 'mine'), 'name: mine\nnodes: { a: { kind: netns } }\nlinks: []\n');
      for (const name of ['shadow', 'mine'])
        for (const word of ['status', 'up'])
          expect((await sudo(program, word, name)).said).toContain('lab/unknown');
    });
  },
);
