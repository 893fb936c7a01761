import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { commandMissing } from '../apply/command.js';

/** Where a program that was attached to this terminal or pipe ended, and what it printed if that was asked for. */
export interface AttachedEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Signals that are passed on to a program that `exec` runs. */
export const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** A shell's exit code for what a signal ended. */
const codeOf = (signal: NodeJS.Signals | null): number =>
  128 + (signal === null ? 0 : constants.signals[signal]);

/**
 * Run a program of this machine with this process's own standard input and output.
 * @param keep - give what it prints instead of letting it print
 * @param onSignals - is told whom to hand signals to, before the program starts: from its first line on it can be
 * sent any
 */
export async function attachLocal(
  argv: readonly string[],
  keep: boolean,
  onSignals: (pass: (signal: NodeJS.Signals) => void) => void,
): Promise<AttachedEnd> {
  const [file = '', ...args] = argv;
  const piped = keep ? ('pipe' as const) : ('inherit' as const);
  onSignals((signal) => {
    // The terminal has sent it to the whole group already.
    if (isatty(0) && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
    child.kill(signal);
  });
  const child = spawn(file, args, { stdio: ['inherit', piped, piped] });
  const kept = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => (kept[name] += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? commandMissing(file) : error),
    );
    child.once('close', (code, signal) => resolve(code ?? codeOf(signal)));
  });
  return { exitCode, ...kept };
}
