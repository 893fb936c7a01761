import { commandMissing, commandTimeout, type CommandResult } from '../command.js';
import { findProgram } from '../doctor/programs.js';
import type { HostCommand } from './define.js';
import { startServer, type SpawnServer } from './spawn-server.js';

/**
 * Starts programs by way of a small process. Node forks to start one, which takes longer the more memory
 * it has: 1 ms with 70 MB, 40 ms with 500 MB. A shell does it in a quarter of one.
 */
export interface Spawner {
  /** Run a program to its end, as `tryCommand` does. It ignores SIGINT and SIGQUIT, like all that a shell runs beside itself. */
  run(argv: readonly string[], options: SpawnOptions): Promise<CommandResult>;
}

export type SpawnOptions = Pick<HostCommand, 'input' | 'timeout' | 'signal'>;

/** Milliseconds that a program has to end after SIGTERM. */
const GRACE = 5_000;
/** Exit codes of a shell for a program that it could not start. */
const NOT_STARTED = new Set([126, 127]);

/** The shell is started by the first program, and anew after it has died. Nothing needs to be closed. */
export function createSpawner(): Spawner {
  let server: SpawnServer | undefined;
  return {
    async run(argv, { input, timeout, signal }) {
      const [file] = argv;
      if (file === undefined) throw new TypeError('empty argument array');
      signal?.throwIfAborted();
      if (!server?.alive()) server = startServer();
      const program = await server.start(argv, input, signal);
      let late = false as boolean;
      let force: NodeJS.Timeout | undefined;
      const giveUp = (): void =>
        program.abandon(signal?.aborted ? signal.reason : commandTimeout(argv, timeout));
      const kill = (): void => {
        program.kill('SIGKILL');
        // It hangs in the kernel, or the shell no longer tells of anything.
        force = setTimeout(giveUp, GRACE);
      };
      const end = (): void => {
        program.kill('SIGTERM');
        force ??= setTimeout(kill, GRACE);
      };
      const onTimeout = (): void => {
        late = true;
        end();
      };
      const timer = timeout === undefined ? undefined : setTimeout(onTimeout, timeout);
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
      try {
        const { status, stdout, stderr } = await program.ended;
        signal?.throwIfAborted();
        if (late) throw commandTimeout(argv, timeout);
        if (NOT_STARTED.has(status) && !(await findProgram(file, process.env)))
          throw commandMissing(file);
        return { argv, exitCode: status, stdout, stderr };
      } finally {
        clearTimeout(timer);
        clearTimeout(force);
        signal?.removeEventListener('abort', end);
      }
    },
  };
}
