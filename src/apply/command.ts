import type { Options } from 'execa';
import { PatchlabError } from '../errors.js';
import { escapeCommand } from '../plan/quote.js';

export { escapeCommand } from '../plan/quote.js';

/**
 * The one way in which patchlab runs a program and waits for its end. Arguments are an array: no
 * shell ever sees them.
 */
export interface CommandOptions {
  /** Text for standard input; without it standard input is empty. */
  readonly input?: string | undefined;
  /** Milliseconds until the program is killed; none by default. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** In a session of its own: neither Ctrl-C at the terminal nor the end of this process ends it. */
  readonly detached?: boolean | undefined;
  /** Folder to run in. */
  readonly cwd?: string | undefined;
}

export interface CommandResult {
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Run a program to its end, whatever its exit code.
 * @throws PatchlabError `command/missing` and `command/timeout`
 */
export async function tryCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [file, ...args] = argv;
  if (file === undefined) throw new TypeError('empty argument array');
  const settings = {
    reject: false,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
    ...(options.signal && { cancelSignal: options.signal }),
    ...(options.env && { env: { ...options.env } }),
    ...(options.detached === true && { detached: true }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  } satisfies Options;
  // Loaded when it is needed: it takes as long as all that `patchlab list` does.
  const { execa } = await import('execa');
  const result = await execa(file, args, settings);
  if (result.code === 'ENOENT') throw commandMissing(file);
  options.signal?.throwIfAborted();
  if (result.timedOut) throw commandTimeout(argv, options.timeout);
  return {
    argv,
    exitCode: result.exitCode ?? 128,
    stdout: result.stdout,
    stderr: result.stderr,
  };
}

/**
 * Run a program that must succeed.
 * @throws PatchlabError `command/failed` with the escaped command, exit code and stderr
 */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await tryCommand(argv, options);
  if (result.exitCode !== 0) throw commandFailed(result);
  return result;
}

/** A command for a message: escaped, with the text of a script left out. */
const showCommand = (argv: readonly string[]): string =>
  argv.map((word) => (word.includes('\n') ? '…' : escapeCommand([word]))).join(' ');

/** The error for a program that is not there. */
export const commandMissing = (file: string): PatchlabError =>
  new PatchlabError('command/missing', { what: `The program \`${file}\` is not installed.` });

/** The error for a program that was ended because it took too long. @param timeout - milliseconds */
export const commandTimeout = (argv: readonly string[], timeout: number | undefined) =>
  new PatchlabError('command/timeout', {
    what: `\`${showCommand(argv)}\` did not end within ${timeout} ms.`,
  });

/** The error for a program that ended with an exit code other than 0. */
export function commandFailed(result: CommandResult): PatchlabError {
  const said = (result.stderr || result.stdout).trim();
  return new PatchlabError('command/failed', {
    what: `\`${showCommand(result.argv)}\` ended with exit code ${result.exitCode}.`,
    ...(said && { why: said }),
  });
}
