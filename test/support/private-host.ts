import { fork, type ChildProcess } from 'node:child_process';
import { once as event } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node';
import { once } from '../../src/once.js';
import { demandBuild } from './built.js';

/**
 * The pool of the tiers that make devices: vitest's own worker, one for each test file, each in a host of its own
 * (scripts/private-host). So files run side by side, and each may compare the whole of its host.
 */

const program = join(import.meta.dirname, '../../scripts/private-host');

/** Only the names of tests are wanted where tests are listed, which needs no host and no root. */
const argvOf = ({ method, execArgv }: PoolOptions) =>
  method === 'collect'
    ? { execPath: process.execPath, execArgv }
    : { execPath: program, execArgv: [process.execPath, ...execArgv] };

/**
 * A guest is booted and stored once for all hosts of a run, which takes longer than most of what a test does with it.
 * @returns the folder of what they share, removed with the run
 */
const sharedStates = once(() => {
  const folder = mkdtempSync(join(tmpdir(), 'patchlab-states-'));
  // QEMU reads them as a user of its own.
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'states'), { mode: 0o755 });
  mkdirSync(join(folder, 'locks'), { mode: 0o700 });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
});

const demandBuildOnce = once(demandBuild);

function createPoolWorker(options: PoolOptions): PoolWorker {
  let child: ChildProcess | undefined;
  const running = (): ChildProcess => {
    if (!child) throw new Error('the worker does not run');
    return child;
  };
  const { outputStream, errorStream } = options.project.vitest.logger;
  return {
    name: privateHost.name,
    on: (event, listen) => void running().on(event, listen),
    off: (event, listen) => void running().off(event, listen),
    send: (message) => void running().send(message),
    deserialize: (data) => data,
    start: () => {
      demandBuildOnce();
      child = fork(join(options.distPath, 'workers/forks.js'), {
        ...argvOf(options),
        env: { ...options.env, PRIVATE_HOST_STATES: sharedStates() },
        stdio: 'pipe',
        // A signal to a process group crosses namespaces, so the group is the host's own.
        detached: true,
        serialization: 'advanced',
      });
      child.stdout?.on('data', (chunk: Buffer) => outputStream.write(chunk));
      child.stderr?.on('data', (chunk: Buffer) => errorStream.write(chunk));
      return Promise.resolve();
    },
    // Ends the host with all that runs in it.
    stop: async () => {
      const ending = running();
      if (ending.exitCode !== null || ending.signalCode !== null) return;
      const ended = event(ending, 'exit');
      ending.kill('SIGKILL');
      await ended;
    },
  };
}

export const privateHost: PoolRunnerInitializer = { name: 'private-host', createPoolWorker };
