import { spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TopologyError } from '../../src/topology/topology-error.js';
import { cli, cliJson, root, scratchFolder, topologyFile } from '../support/cli.js';

/** What somebody meets who has just got patchlab. */

const folder = scratchFolder();
const has = (program: string): boolean => !spawnSync(program, ['--version']).error;
const env = { PATH: `${join(root, 'bin')}:${process.env.PATH ?? ''}`, HOME: folder, TERM: 'dumb' };

beforeAll(() => mkdir(join(folder, 'bin')));

describe('init', () => {
  it('writes a lab that builds and is proved by the command that it names', async () => {
    const { stdout } = await execa('patchlab', ['init', 'mine.patchlab.yaml'], {
      ...{ cwd: folder, env },
    });
    const text = await readFile(join(folder, 'mine.patchlab.yaml'), 'utf8');
    const schema = /^# yaml-language-server: \$schema=(.*)$/m.exec(text)?.[1] ?? '';
    expect(JSON.parse(await readFile(schema, 'utf8'))).toHaveProperty('properties.nodes');
    const next = stdout.split('\n').at(-1) ?? '';
    expect(next.trim()).toBe('patchlab up mine.patchlab.yaml && patchlab verify mine');
    const run = await execa('bash', ['-c', next], { cwd: folder, env });
    expect(run.stdout).toContain('mine: 6 pass');
  });

  it('writes over nothing unless it is told to', async () => {
    const file = await topologyFile(folder, 'there.yaml', 'name: mine-own\n');
    const { exitCode, stderr } = await cli(['init', file]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--force')]);
    expect(await readFile(file, 'utf8')).toBe('name: mine-own\n');
    expect((await cliJson('init', '--force', file)).result).toMatchObject({ lab: 'there' });
    expect(await readFile(file, 'utf8')).toContain('name: there');
  });

  it('has templates that are valid under another name', async () => {
    const { result } = await cliJson('init', '--list');
    const names = 'templates' in result ? result.templates.map(({ name }) => name) : [];
    expect(names).toContain('two-guests');
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(folder, `${name}-lab.${name === 'typescript' ? 'ts' : 'yaml'}`);
        expect(await cli(['init', '--template', name, file])).toMatchObject({ exitCode: 0 });
        return file;
      }),
    );
    const checked = await cliJson('validate', ...files);
    expect(checked.result.files.map(({ lab }) => lab)).toEqual(names.map((name) => `${name}-lab`));
    expect(checked.exitCode).toBe(0);
  });
});

describe('validate', () => {
  it('tells all problems of all files, with their places, and touches nothing', async () => {
    const wrong = await topologyFile(
      folder,
      'wrong.yaml',
      'name: wrong\nnodes:\n  a: { kind: netns }\n  b: { kind: netns, colour: red }\nlinks:\n  - { kind: veth, ends: [a:eth1] }\n',
    );
    const ring = await topologyFile(
      folder,
      'ring.yaml',
      'name: ring\nnodes:\n' +
        ['a', 'b']
          .map(
            (name) =>
              `  ${name}: { kind: netns, devices: [{ kind: bridge, name: br0, members: [eth1, eth2] }] }\n`,
          )
          .join('') +
        'links:\n  - { kind: veth, ends: [a:eth1, b:eth1] }\n  - { kind: veth, ends: [a:eth2, b:eth2] }\n',
    );
    const { exitCode, result } = await cliJson('validate', wrong, ring, 'namespace-cable');
    expect(exitCode).toBe(2);
    const lines = (problems: unknown): readonly unknown[] =>
      (problems as readonly TopologyError['problems'][number][]).map(
        ({ code, position }) => position?.line ?? code,
      );
    expect(result.files.map(({ error }) => error && lines(error['problems']))).toEqual([
      [4, 6],
      [7],
      null,
    ]);
    const { stdout } = await cli(['validate', wrong, ring, 'namespace-cable']);
    expect(stdout).toMatch(/wrong\.yaml:4:\d+: .*\n[^]*wrong\.yaml:6:\d+: [^]*3 files: 2 with/);
    expect((await cli(['list'])).stdout).not.toContain('wrong');
  });
});

/** What a terminal shows when somebody types a line and presses the tabulator, then ends the line and the shell. */
async function typed(shell: readonly string[], setUp: string, line: string): Promise<string> {
  const { stdout } = await execa('script', ['-qec', shell.join(' '), '/dev/null'], {
    env: { ...env, PS1: '$ ' },
    cwd: join(folder, 'bin'),
    input: `${setUp}\n${line}\t\x01echo \x05\nexit\n`,
    reject: false,
  });
  return stdout;
}

describe('completion in the shells themselves', () => {
  beforeAll(async () => {
    await writeFile(join(folder, 'bin', 'beside.yaml'), '');
    await symlink(join(root, 'bin/patchlab'), join(folder, 'bin', 'patchlab')).catch(
      () => undefined,
    );
    expect(await cli(['up', 'bridge-eats-lldp'])).toMatchObject({ exitCode: 0 });
  });

  /** A line that was begun, and what it is after the tabulator. */
  const LINES = [
    ['patchlab verify bridge', 'patchlab verify bridge-eats-lldp'],
    ['patchlab cut pl', 'patchlab cut plain'],
    [
      'patchlab capture bridge-eats-lldp b:eth1\\ v',
      'patchlab capture bridge-eats-lldp b:eth1 veth',
    ],
    ['patchlab up besi', 'patchlab up beside.yaml'],
    ['patchlab gue', 'patchlab guest'],
  ] as const;

  it.each(LINES)('bash makes of `%s` `%s`', async (line, whole) => {
    const shown = await typed(
      ['bash', '--norc', '--noprofile', '-i'],
      'source <(patchlab completion bash)',
      line,
    );
    expect(shown.split(/\r?\n/)).toContain(whole);
  });

  // Not installed: apt install zsh.
  it.runIf(has('zsh')).each(LINES.slice(1, 4))('zsh makes of `%s` `%s`', async (line, whole) => {
    const shown = await typed(
      ['zsh', '-f', '-i'],
      'bindkey -e; autoload -Uz compinit; compinit -u -D; source <(patchlab completion zsh)',
      line,
    );
    expect(shown.split(/\r?\n/)).toContain(whole);
  });

  // Not installed: apt install fish.
  it.runIf(has('fish')).each([
    ['patchlab verify br', 'bridge-eats-lldp'],
    ['patchlab verify --ker', '--kernel'],
    ['patchlab capture bridge-eats-lldp b:eth1 ', 'b:eth1 veth'],
    ['patchlab up besi', 'beside.yaml'],
  ])('fish offers for `%s` `%s`', async (line, word) => {
    const script = 'patchlab completion fish | source; complete -C $argv[1]';
    const { stdout } = await execa('fish', ['--no-config', '-c', script, line], {
      ...{ env, cwd: join(folder, 'bin') },
    });
    expect(stdout.split('\n').map((one) => one.split('\t')[0])).toContain(word);
  });
});
