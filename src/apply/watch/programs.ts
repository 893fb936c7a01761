import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { commandMissing } from '../command.js';

/** Programs that tell of changes for as long as somebody listens. */

/** One that runs. */
export interface Teller {
  readonly pid: number | undefined;
  /** When it has said its first line, or has ended. */
  readonly speaks: Promise<void>;
  /** Why it has ended by itself. */
  readonly ended: Promise<string>;
  /** End it, and wait until it is gone. */
  stop(): Promise<void>;
}

/** Start one. It ends with this process, however that ends. @param onLine - called with each line that it prints */
export function startTeller(argv: readonly string[], onLine: (line: string) => void): Teller {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of reach of the terminal's Ctrl-C, which patchlab itself obeys.
    detached: true,
    env: { ...process.env, LC_ALL: 'C', TERM: 'dumb' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const lines = createInterface(child.stdout).on('line', onLine);
  const closed = new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve);
    child.once('close', () => resolve(undefined));
  });
  return {
    pid: child.pid,
    speaks: new Promise((resolve) => {
      lines.once('line', () => resolve()).once('close', () => resolve());
    }),
    ended: closed.then((error) => {
      if (error) throw commandMissing('setpriv');
      return said.trim() || `${argv.join(' ')} has ended`;
    }),
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Milliseconds between two looks, and until it should have come. */
const POLL = 10;
const PATIENCE = 10_000;

/** Until a monitor has joined its groups: its socket stands in the list of its namespace (proc(5), net/netlink). */
export async function untilListening({ pid }: Teller, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  const listens = new RegExp(`^\\S+\\s+0\\s+${pid}\\s+(?!00000000)`, 'm');
  while (performance.now() < deadline) {
    const list = await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => '');
    if (listens.test(list)) return;
    await delay(POLL, undefined, { signal });
  }
}
