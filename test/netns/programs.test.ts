import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  restoresHost,
  scratchFolder,
  startCli,
  status,
  topologyFile,
} from '../support/cli.js';
import { ordinaryUser } from '../support/ordinary-user.js';

/** Programs of the user's that run in nodes: started last, started again, looked at, ended, whatever else happens. */

const LAB = `name: programs
nodes:
  a:
    kind: netns
    namespaces: [c1]
    run:
      server: [socat, 'TCP-LISTEN:7777,bind=10.0.0.1,fork,reuseaddr', 'EXEC:echo here']
      dies: [sh, -c, 'echo "it runs with PID $$"; exit 3']
      # It has a child of its own, and neither minds SIGTERM.
      'c1:deaf': [sh, -c, 'trap "" TERM; setsid tail -n 86423 -f /dev/null & wait']
    addresses: { eth1: 10.0.0.1/24 }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
`;

const folder = scratchFolder();
const user = ordinaryUser();
restoresHost();

/** Files of programs, and command lines of those that run: none after `down`. */
const files = (): readonly string[] =>
  readdirSync('/run').filter((name) => name.startsWith('patchlab.programs.'));
const running = (): readonly string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return /TCP-LISTEN:7777|86423|it runs with PID/.test(line) ? [line] : [];
      } catch {
        return [];
      }
    });

async function up(text = LAB): Promise<string> {
  const file = await topologyFile(folder, 'programs.yaml', text);
  const { exitCode, stderr } = await cli(['up', file]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  return file;
}

async function down(): Promise<void> {
  expect((await cli(['down', 'programs'])).exitCode).toBe(0);
  expect([files(), running()]).toEqual([[], []]);
}

const logOf = async (program: string): Promise<readonly string[]> => {
  const { result } = await cliJson('logs', 'a');
  return result.logs.find((one) => one.program === program)?.lines ?? [];
};

const hear = async (): Promise<string> =>
  (await cli(['exec', 'b', '--', 'socat', '-T2', 'TCP:10.0.0.1:7777', 'STDOUT'])).stdout;

describe('programs in nodes', () => {
  it('run once all of their node is there, are started again, and say what they say', async () => {
    const file = await up();
    await expect.poll(hear, { timeout: 20_000 }).toBe('here');
    // Each time it is another one, and the first process of none.
    await expect
      .poll(async () => (await logOf('dies')).length, { timeout: 20_000 })
      .toBeGreaterThan(3);
    const said = await logOf('dies');
    expect(said[1]).toBe('patchlab: it has ended with exit code 3 and is started again');
    expect(said[0]).toMatch(/^it runs with PID \d+$/);
    expect(said[2]).not.toBe(said[0]);
    expect((await cli(['up', file])).stdout).toContain('nothing was changed');
    await down();
  });

  it('are missed when somebody kills them, and started by up', async () => {
    const file = await up();
    const pid = Number(readFileSync('/run/patchlab.programs.a.server.pid', 'utf8'));
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(async () => (await status('programs')).drift, { timeout: 20_000 })
      .toMatchObject([{ how: 'create', id: 'program programs.a.server' }]);
    expect((await cli(['up', file])).exitCode).toBe(0);
    await expect.poll(hear, { timeout: 20_000 }).toBe('here');
    await down();
  });

  it('are made anew when their words change, and end when they are taken out', async () => {
    await up();
    await up(LAB.replace('echo here', 'echo there'));
    await expect.poll(hear, { timeout: 20_000 }).toBe('there');
    await up(LAB.replace(/ {6}server:.*\n/, ''));
    expect(running().filter((line) => line.includes('7777'))).toEqual([]);
    await down();
  });

  it('end with down after up was killed, and where their namespace or their files were removed by hand', async () => {
    const file = await topologyFile(folder, 'programs.yaml', LAB);
    const killed = startCli(['up', file]);
    await expect
      .poll(() => files().some((name) => name.endsWith('.pid')), { interval: 5, timeout: 20_000 })
      .toBe(true);
    killed.kill('SIGKILL');
    await killed;
    await down();
    await up();
    await cli(['exec', 'a', '--', 'true']);
    const { exitCode } = await cli(['exec', 'b', '--', 'ip', 'netns', 'del', 'programs.a']);
    expect(exitCode).toBe(0);
    await down();
  });

  it('are the last things of their node in a plan', async () => {
    const { result } = await cliJson('plan', await topologyFile(folder, 'programs.yaml', LAB));
    const ofA = result.steps.filter(({ lane }) => lane === 'a').map(({ id }) => id);
    expect(ofA.slice(-3)).toEqual(
      ['server', 'dies', 'c1.deaf'].map((name) => `program programs.a.${name}`),
    );
  });

  it('run for a user who is not root, in namespaces of his own', async () => {
    const file = await topologyFile(user.home, 'programs.yaml', LAB);
    expect((await user.run('up', file)).exitCode).toBe(0);
    expect(files()).toEqual([]);
    await expect
      .poll(async () => (await user.run('logs', 'a')).stdout, { timeout: 20_000 })
      .toContain('is started again');
    expect((await user.run('down', 'programs')).exitCode).toBe(0);
    expect(running()).toEqual([]);
  });

  it('are refused where the program or the namespace is not there', async () => {
    const absent = await topologyFile(
      folder,
      'absent.yaml',
      LAB.replace('[socat,', '[no-such-program,'),
    );
    const { exitCode, stderr } = await cli(['up', absent]);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('no-such-program')]);
    const file = await topologyFile(folder, 'unknown.yaml', LAB.replace("'c1:deaf'", "'c2:deaf'"));
    const unknown = await cli(['plan', file]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('unknown.yaml:10:7');
    expect(unknown.stderr).toContain('no inner namespace `c2`');
  });
});
