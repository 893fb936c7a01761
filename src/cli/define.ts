import type { Options } from 'yargs';
import { EXIT } from '../errors.js';

/** What every command gets beside its own arguments. */
export interface Context {
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Print machine-readable results only. */
  readonly json: boolean;
  /** Write a line of the result to standard output. Nothing in it is obeyed by a terminal, but the colours of `styled`. */
  readonly print: (line: string, styled?: boolean) => void;
  /** Write a line about the progress to standard error; nothing with `--json`. */
  readonly say: (line: string) => void;
  /** Write a result as JSON to standard output. */
  readonly printJson: (value: unknown) => void;
}

/** A command: one file, one line in the registry. Returns the exit code. */
export interface CliCommand<A = object> {
  /** Name and positional arguments, as yargs writes them. */
  readonly command: string;
  readonly describe: string;
  readonly positionals?: Readonly<
    Record<string, { readonly describe: string; readonly array?: boolean }>
  >;
  readonly options?: Readonly<Record<string, Options>>;
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  run(args: A, context: Context): Promise<number>;
}

/** Commands behind one word, such as `guest`. */
export interface CommandGroup {
  readonly command: string;
  readonly describe: string;
  readonly commands: readonly CliCommand<never>[];
}

/** Let the arguments' type stand in one place. */
export const defineCommand = <A>(command: CliCommand<A>): CliCommand<A> => command;

/** Wrong usage of the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = EXIT.usage;
}
