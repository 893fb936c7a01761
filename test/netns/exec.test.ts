import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  root,
  scratchFolder,
  startCli,
  topology,
  topologyFile,
} from '../support/cli.js';

const bin = join(root, 'bin/patchlab');
const folder = scratchFolder();

beforeAll(async () => {
  const text = await readFile(topology('namespace-cable.yaml'), 'utf8');
  const second = await topologyFile(
    folder,
    'second.yaml',
    text.replace(/^name: .*/m, 'name: second'),
  );
  await cli(['up', topology('namespace-cable.yaml')]);
  await cli(['up', second]);
});
afterAll(() => cli(['down', '--all']));

const node = 'namespace-cable/a';

describe('exec', () => {
  it('hands words on as they are, octets that are no text included', async () => {
    const words = ['0x10', '1e3', '1.0', '', '-c', '3', '--json', 'a b', '$HOME', "'"];
    const { stdout } = await cli(['exec', node, '--', 'printf', '<%s>', ...words]);
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
    const script = `${bin} exec ${node} -- printf "$(printf '\\351\\300')"`;
    const bytes = await execa('sh', ['-c', script], { encoding: 'buffer' });
    expect([...bytes.stdout]).toEqual([0o351, 0o300]);
  });

  it('needs `--` only where a flag would be ambiguous, and says so then', async () => {
    const { stdout } = await cli(['exec', node, 'ip', '-br', 'addr', 'show', 'eth1']);
    expect(stdout).toContain('10.0.0.1/24');
    const { exitCode, stderr } = await cli(['exec', node, 'ls', '--help']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`patchlab exec ${node} -- ls --help`);
  });

  it('takes standard input, and gives output as it comes', async () => {
    const program = startCli(['exec', node, 'cat']);
    for (const line of ['one\n', 'two\n']) {
      const heard = new Promise((resolve) => program.stdout.once('data', resolve));
      program.stdin.write(line);
      expect(String(await heard)).toBe(line);
    }
    program.stdin.end();
    expect((await program).exitCode).toBe(0);
  });

  it('passes signals on, and ends with the exit code of the command', async () => {
    for (const [signal, code] of [
      ['SIGINT', 9],
      ['SIGUSR1', 10],
    ] as const) {
      const script = 'trap "exit 9" INT; trap "exit 10" USR1; echo ready; while :; do read x; done';
      const program = startCli(['exec', node, '--', 'sh', '-c', script]);
      await new Promise((resolve) => program.stdout.once('data', resolve));
      program.kill(signal);
      program.stdin.end('\n\n');
      expect((await program).exitCode).toBe(code);
    }
    const killed = await cli(['exec', node, '--', 'sh', '-c', 'kill -TERM $$']);
    expect(killed.exitCode).toBe(143);
  });

  it('gives a terminal with -t, and none without', async () => {
    expect((await cli(['exec', '-t', node, 'tty'])).stdout).toMatch(/^\/dev\/pts\//);
    expect((await cli(['exec', node, 'tty'])).stdout).toBe('not a tty');
  });

  it('asks which lab is meant where several have such a node', async () => {
    const { exitCode, stderr } = await cli(['exec', 'a', 'true']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`namespace-cable/a`');
    expect((await cli(['exec', 'second/a', 'true'])).exitCode).toBe(0);
    expect((await cli(['exec', 'a', '--lab', 'second', 'true'])).exitCode).toBe(0);
    expect((await cli(['exec', '--lab', join(folder, 'second.yaml'), 'a', 'true'])).exitCode).toBe(
      0,
    );
  });

  it('keeps what was printed with --json', async () => {
    const { exitCode, result } = await cliJson(
      'exec',
      node,
      '--',
      'sh',
      '-c',
      'echo a; echo b >&2; exit 3',
    );
    expect([exitCode, result.exitCode, result.stdout, result.stderr]).toEqual([3, 3, 'a\n', 'b\n']);
  });
});

describe('console', () => {
  it('names the node in its prompt', async () => {
    const input = join(folder, 'input');
    await writeFile(input, 'exit 0\n');
    const terminal = await execa('script', ['-qec', `${bin} console second/b`, '/dev/null'], {
      inputFile: input,
    });
    expect(terminal.stdout).toContain('[b] ');
  });
});

describe('trace', () => {
  it('refuses a place and itself, and suggests no port of another meaning', async () => {
    const same = await cli(['trace', node, node]);
    expect([same.exitCode, same.stderr]).toEqual([2, expect.stringContaining('to itself')]);
    const unknown = await cli(['trace', '--lab', 'second', 'a', 'zz']);
    expect(unknown.stderr).toContain('`zz`');
    expect(unknown.stderr).not.toContain('did you mean');
    expect((await cli(['trace', 'second/a', 'second/b:eth1'])).exitCode).toBe(0);
  });
});
