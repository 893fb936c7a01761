import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpawner, type Spawner } from '../../../src/apply/hosts/spawner.js';

let spawner: Spawner;
let folder: string;
const before = process.env.TMPDIR;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchlab-spawner-test-'));
  process.env.TMPDIR = folder;
  spawner = createSpawner();
});
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true });
});

const run = (argv: readonly string[], options = {}) => spawner.run(argv, options);
const sh = (script: string, ...args: readonly string[]) => ['sh', '-c', script, 'sh', ...args];

/** The folders of shells that run. */
const folders = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('patchlab-'));

const runs = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** The process that a program has written into a file. */
async function pidIn(path: string): Promise<number> {
  await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8')).toMatch(/\n/);
  return Number(readFileSync(path, 'utf8'));
}

describe('a program', () => {
  it('gets its arguments and input as they are, and gives both its outputs and its exit code', async () => {
    const odd = `a 'quote', "two",\n$HOME \\ * ü`;
    const script = 'printf %s "$1"; cat; printf %s "$2" >&2; exit 7';
    const input = `${'x'.repeat(200_000)}\nno newline at the end`;
    expect(await run(sh(script, odd, '-n'), { input })).toMatchObject({
      exitCode: 7,
      stdout: odd + input,
      stderr: '-n',
    });
  });

  it('has an empty input where none is given, and the folder of this process', async () => {
    const { stdout } = await run(sh('cat; pwd'));
    expect(stdout).toBe(`${process.cwd()}\n`);
  });

  it('is a program and never a command of the shell', async () => {
    expect((await run(['kill', '--version'])).stdout).toContain('kill');
    await expect(run(['exit', '3'])).rejects.toMatchObject({ code: 'command/missing' });
    await expect(run(['run', '1'])).rejects.toMatchObject({ code: 'command/missing' });
    expect((await run(['true'])).exitCode).toBe(0);
  });

  it('may be one of many', async () => {
    const numbers = Array.from({ length: 300 }, (_, n) => String(n));
    const results = await Promise.all(
      numbers.map((n) => run(sh('cat; echo "$1" >&2; exit $(($1 % 3))', n), { input: n })),
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(numbers);
    expect(results.map(({ stderr }) => stderr.trim())).toEqual(numbers);
    expect(results.map(({ exitCode }) => exitCode)).toEqual(numbers.map((n) => Number(n) % 3));
    const [own = ''] = folders();
    expect(readdirSync(join(folder, own)).filter((name) => name.endsWith('.in'))).toEqual([]);
  });

  it('is ended when it takes too long', async () => {
    const file = join(folder, 'pid');
    const late = run(sh('echo $$ >"$1"; exec sleep 1000', file), { timeout: 300 });
    const error = await late.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'command/timeout' });
    expect(runs(await pidIn(file))).toBe(false);
  });

  it('is ended when the signal is aborted, which is then the reason', async () => {
    const abort = new AbortController();
    const file = join(folder, 'pid');
    const broken = run(sh('echo $$ >"$1"; exec sleep 1000', file), { signal: abort.signal });
    const pid = await pidIn(file);
    abort.abort(new Error('enough'));
    await expect(broken).rejects.toThrow('enough');
    expect(runs(pid)).toBe(false);
    await expect(run(['true'], { signal: abort.signal })).rejects.toThrow('enough');
  });
});

describe('the shell', () => {
  it('is started anew after its death, which fails what ran', async () => {
    const file = join(folder, 'pid');
    const victim = run(sh('echo $$ >"$1"; exec sleep 3', file));
    const own = Number((await run(sh('echo $PPID'))).stdout);
    // The program's parent is a part of the shell; the shell itself is that one's parent.
    const shell = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${own}/status`, 'utf8'))?.[1]);
    process.kill(shell, 'SIGKILL');
    await expect(victim).rejects.toMatchObject({ code: 'command/failed' });
    expect(folders()).toEqual([]);
    expect((await run(['echo', 'again'])).stdout).toBe('again\n');
  });

  const script = (rest: string): readonly string[] => [
    ...['--import', 'tsx', '--input-type=module', '--eval'],
    `import { createSpawner } from ${JSON.stringify(new URL('../../../src/apply/hosts/spawner.ts', import.meta.url).pathname)};
     const { stdout } = await createSpawner().run(['sh', '-c', 'echo $PPID'], {});
     console.log(stdout.trim());
     ${rest}`,
  ];

  it('keeps no process from ending, and ends with it', async () => {
    const { stdout } = await execa('node', script(''));
    expect(Number(stdout)).toBeGreaterThan(0);
    await expect.poll(folders).toEqual([]);
  });

  it('ends and clears up when its process is killed', async () => {
    const holder = execa('node', script('setInterval(() => undefined, 1000);'), { reject: false });
    await once(holder.stdout, 'data');
    expect(folders()).toHaveLength(1);
    holder.kill('SIGKILL');
    await holder;
    await expect.poll(folders).toEqual([]);
  });
});
