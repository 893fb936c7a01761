import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { hostSnapshot, root, scratchFolder, topology } from './cli.js';

/** A user who is not root and owns nothing but his home, and patchlab as he runs it. */

/** Nobody else on this host. */
const USER = 64_321;

/** To be called where the file is loaded, not in a hook. */
export function ordinaryUser() {
  const folder = scratchFolder();
  const home = join(folder, 'home');
  // The folders of the project and of Node may be closed to others.
  const [project, node] = [join(folder, 'patchlab'), join(folder, 'node')];
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    for (const own of [home, project]) mkdirSync(own);
    chownSync(home, USER, USER);
    writeFileSync(node, '');
    await execa('mount', ['--bind', root, project]);
    await execa('mount', ['--bind', process.execPath, node]);
  });
  afterAll(() => execa('umount', [project, node]));

  const as = ['--reuid', `${USER}`, '--regid', `${USER}`, '--clear-groups'];
  const startWith = (env: Readonly<Record<string, string>>, args: readonly string[]) =>
    execa('setpriv', [...as, node, join(project, 'bin/patchlab'), ...args], {
      ...{ cwd: home, extendEnv: false, reject: false },
      env: { HOME: home, PATH: '/usr/bin:/bin', ...env },
    });
  /** Start patchlab as this user. */
  const start = (...args: readonly string[]) => startWith({}, args);
  /** Run it to its end. */
  const runWith = async (env: Readonly<Record<string, string>>, args: readonly string[]) => {
    const { exitCode = -1, stdout, stderr } = await startWith(env, args);
    return { exitCode, stdout, stderr };
  };
  const run = (...args: readonly string[]) => runWith({}, args);
  const left = async (): Promise<readonly string[]> => {
    const { stdout } = await execa('find', [home, '-mindepth', '1', '-printf', '%m %y %P\n']);
    return stdout
      .split('\n')
      .filter((line) => !/^(|700 d \.local(\/state)?|\d+ \w \.cache(\/.*)?)$/.test(line));
  };
  const processes = (): readonly string[] =>
    readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .flatMap((pid) => {
        const [status, words] = ['status', 'cmdline'].map((name) => readIn(pid, name));
        // What has ended has no words.
        return status?.includes(`\nUid:\t${USER}\t`) && words ? [words] : [];
      });
  return {
    /** Where he may write. */
    home,
    start,
    run,
    runWith,
    /** Verify a lab: what came of each check, and whether the model predicted it. */
    async verdicts(lab: string): Promise<readonly string[]> {
      const { stdout } = await run('verify', '--json', lab);
      const { verdicts } = resultSchemas.verify.parse(JSON.parse(stdout));
      return verdicts.map(
        ({ outcome, surprise, message }) => `${outcome} ${surprise ?? 'as predicted'} ${message}`,
      );
    },
    /** Files and folders below his home, with their modes, but for the cache, which stays, and the empty folders that XDG names. */
    left,
    /** Programs of his that run. */
    processes,
    /** A file of his, with a lab of `topologies/`, or a text. */
    fileOf(name: string, text = readFileSync(topology(name), 'utf8')): string {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, text);
      return file;
    },
    /** Run it to its end, which is to be a good one. @returns what it printed */
    async done(...args: readonly string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await run(...args);
      expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
      return stdout;
    },
    /** After each test his labs are taken down, and nothing of them is left, on the host or his. @returns the host before a test */
    leavesNothing(): () => string {
      let before: string;
      beforeEach(async () => {
        before = await hostSnapshot();
      });
      afterEach(async () => {
        await run('down', '--all');
        expect([await hostSnapshot(), await left(), processes()]).toEqual([before, [], []]);
      });
      return () => before;
    },
  };
}

function readIn(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
