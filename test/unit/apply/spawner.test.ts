import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpawner, type Spawner } from '../../../src/apply/hosts/spawner.js';
import { OUTLAST } from '../../../src/apply/hosts/outlast.js';
import { pathWithout } from '../../support/path-without.js';

let spawner: Spawner;
let folder: string;
const before = ['PATCHLAB_RUN', 'TMPDIR', 'PATH'].map((name) => [name, process.env[name]] as const);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spawner-test-'));
  process.env.PATCHLAB_RUN = folder;
  spawner = createSpawner();
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
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
  const said = (): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  await expect.poll(said, { timeout: 8_000 }).toMatch(/\n/);
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

  it.each([
    ['a program', 'exec "$@"'],
    ['a process group', 'exec timeout 1000 "$@"'],
    [
      'what is no child of it any more',
      `setsid sh -c '${OUTLAST}"$@" & outlast 1000 || kill $!' sh "$@" & wait`,
    ],
  ])('takes %s along when its process is killed', async (_, how) => {
    const file = join(folder, 'pid');
    const program = sh(how, ...sh('echo $$ >"$1"; exec sleep 1000', file));
    const holder = execa(
      'node',
      script(`await createSpawner().run(${JSON.stringify(program)}, {});`),
      { reject: false },
    );
    const pid = await pidIn(file);
    expect(runs(pid)).toBe(true);
    holder.kill('SIGKILL');
    await holder;
    await expect.poll(() => runs(pid), { timeout: 8_000 }).toBe(false);
  });
});

describe('where no pipes can be made', () => {
  const reasonFor = (run: Promise<unknown>): Promise<unknown> =>
    run.then(
      () => undefined,
      (reason: unknown) => reason,
    );

  it('a missing mkfifo is an error, and not a wait', async () => {
    const { path, remove } = await pathWithout('mkfifo');
    process.env.PATH = path;
    const error = await reasonFor(run(['true']));
    await remove();
    expect(error).toMatchObject({
      code: 'command/missing',
      what: expect.stringContaining('mkfifo') as string,
    });
  });

  it('a folder that lets nothing be made is one too, with its reason', async () => {
    process.env.PATH = `${folder}/bin:${process.env.PATH ?? ''}`;
    mkdirSync(join(folder, 'bin'));
    const text = '#!/bin/sh\nexec ln -s x /proc/1/full\n';
    writeFileSync(join(folder, 'bin/mkfifo'), text, { mode: 0o755 });
    expect(await reasonFor(run(['true']))).toMatchObject({
      code: 'host/no-room',
      why: expect.stringContaining('/proc/1/full') as string,
    });
  });

  it('a signal ends the wait for them', async () => {
    process.env.PATH = `${folder}/bin:${process.env.PATH ?? ''}`;
    mkdirSync(join(folder, 'bin'));
    const text = `#!/bin/sh\necho $$ >${folder}/pid\nexec sleep 1000\n`;
    writeFileSync(join(folder, 'bin/mkfifo'), text, { mode: 0o755 });
    const abort = new AbortController();
    const waiting = reasonFor(run(['true'], { signal: abort.signal }));
    const pid = await pidIn(join(folder, 'pid'));
    abort.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: 'enough' });
    process.kill(pid);
  });

  it('no place for them is an error that names all places that were tried', async () => {
    process.env.PATCHLAB_RUN = '/nonexistent/run';
    process.env.TMPDIR = '/nonexistent/tmp';
    const error = await reasonFor(run(['true']));
    expect(error).toMatchObject({ code: 'host/no-room' });
    expect((error as { why: string }).why).toMatch(/\/nonexistent\/run.*; .*\/nonexistent\/tmp/);
  });
});

describe('what a process leaves that is killed together with its shell', () => {
  it('goes with the next start, and what others use stays', async () => {
    const script = `
      import { createSpawner } from ${JSON.stringify(new URL('../../../src/apply/hosts/spawner.ts', import.meta.url).pathname)};
      await createSpawner().run(['true'], {});
      console.log('runs');
      setInterval(() => undefined, 1000);`;
    const node = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const [killed, alive] = [
      execa('node', node, { reject: false }),
      execa('node', node, { reject: false }),
    ];
    await Promise.all([killed, alive].map((one) => once(one.stdout, 'data')));
    const { stdout } = await execa('pgrep', ['-P', String(killed.pid)]);
    const left = folders().filter((name) => name.includes(`-${killed.pid}-`));
    // Both at once: neither can clear up after the other.
    process.kill(killed.pid ?? 0, 'SIGSTOP');
    for (const pid of [...stdout.split('\n').map(Number), killed.pid ?? 0])
      process.kill(pid, 'SIGKILL');
    await killed;
    expect(left).toHaveLength(1);
    expect(folders()).toEqual(expect.arrayContaining(left));
    await run(['true']);
    expect(folders().filter((name) => left.includes(name))).toEqual([]);
    expect(folders().filter((name) => name.includes(`-${alive.pid}-`))).toHaveLength(1);
    alive.kill('SIGKILL');
    await alive;
  });
});
