import { EXIT } from '../errors.js';

/** What every command gets beside its own arguments. */
export interface Context {
  /** Aborted by Ctrl-C, by SIGTERM, and where the reader of the output has gone away. */
  readonly signal: AbortSignal;
  /** Print machine-readable results only. */
  readonly json: boolean;
  /** Columns of the terminal; nothing where the output goes elsewhere. */
  readonly columns: number | undefined;
  /** Write a line of the result to standard output. Nothing in it is obeyed by a terminal, but the colours of `styled`. */
  readonly print: (line: string, styled?: boolean) => void;
  /** Write the pieces of a large text, ends of lines included, to standard output, in the same way. */
  readonly printLarge: (pieces: Iterable<string>) => void;
  /** Write a line about the progress to standard error; nothing with `--json`. */
  readonly say: (line: string) => void;
  /** Write octets as they are. */
  readonly write: (stream: 'out' | 'err', bytes: Uint8Array) => void;
  /** From now on, signals do not stop patchlab but go to the handler. */
  readonly takeSignals: (
    signals: readonly NodeJS.Signals[],
    handler: (signal: NodeJS.Signals) => void,
  ) => void;
  /** Write a result as JSON to standard output. */
  readonly printJson: (value: unknown) => void;
  /** The same for what may be large: each thing in its lists has one line. */
  readonly printLargeJson: (value: object) => void;
}

/** What a word of the command line names, for completion: things of labs that are up, what comes with patchlab, or words from a list. */
export type Takes =
  'lab' | 'topology' | 'stack' | 'port' | 'link' | 'end' | 'place' | readonly string[];

/** A positional argument of a command. */
interface Argument {
  readonly describe: string;
  /** What completion offers for it; files where that is not said. */
  readonly takes?: Takes;
}

/** An option of a command. Values are text as it was given, unless its type says otherwise. */
export interface Option {
  readonly type: 'boolean' | 'number' | 'string';
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  readonly choices?: readonly string[];
  /** What the command takes where the option is not given. */
  readonly default?: string;
  /** What completion offers for its value; `choices`, or files, where that is not said. */
  readonly takes?: Takes;
  /** May be given several times; its value is a list. */
  readonly many?: boolean;
}

/** A command: one file, one line in the registry. Returns the exit code. */
export interface CliCommand<A = object> {
  /** Does it change or watch a network? For who is not root, that is one of his own: see `rootless.ts`. */
  readonly needsRoot: boolean;
  readonly positionals?: Readonly<Record<string, Argument>>;
  readonly options?: Readonly<Record<string, Option>>;
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  run(args: A, context: Context): Promise<number>;
}

/** Let the arguments' type stand in one place. */
export const defineCommand = <A>(command: CliCommand<A>): CliCommand<A> => command;

/** Wrong usage of the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = EXIT.usage;
}
