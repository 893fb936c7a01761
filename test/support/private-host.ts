import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node';

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
      child = fork(join(options.distPath, 'workers/forks.js'), {
        ...argvOf(options),
        env: options.env,
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
      const ended = once(ending, 'exit');
      ending.kill('SIGKILL');
      await ended;
    },
  };
}

export const privateHost: PoolRunnerInitializer = { name: 'private-host', createPoolWorker };
