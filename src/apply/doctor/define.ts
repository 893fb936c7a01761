import type { CommandResult } from '../command.js';

/** What a failed check means: without it nothing works (`error`), or it works less well (`warning`). */
type Severity = 'error' | 'warning';

/** What a check saw. */
export interface Diagnosis {
  readonly ok: boolean;
  /** What was seen, one sentence. */
  readonly found: string;
  /** The command that mends it, or what to do where no command does. */
  readonly remedy?: string;
  /** Where this finding weighs other than the check in general. */
  readonly severity?: Severity;
}

/** A finding with the check that it answers. */
export interface CheckResult extends Diagnosis {
  readonly check: string;
  readonly arg?: string;
  readonly severity: Severity;
  readonly ms: number;
}

interface RunOptions {
  /** Milliseconds; 10 s unless told. */
  readonly timeout?: number;
  readonly input?: string;
  /** Let the program end by itself even when the run is aborted: it is short and must not stop half way. */
  readonly toTheEnd?: boolean;
}

/** What a check is handed besides its argument; one for all the checks of a run. */
export interface CheckContext {
  readonly signal: AbortSignal | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Run a program in the C locale, whatever its exit code.
   * @throws PatchlabError `command/missing` and `command/timeout`, which the run turns into findings
   */
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Find something out once for all the checks of a run. */
  once<T>(key: string, find: () => Promise<T>): Promise<T>;
}

/** A part of the kernel. */
export interface KernelPart {
  /** The option of its configuration, without `CONFIG_`. */
  readonly config: string;
  /** Absent where it is never a module. */
  readonly module?: string;
}

/** A check of the host: one file, one descriptor, one line in the registry. It leaves nothing behind. */
export interface HostCheck {
  readonly name: string;
  readonly title: string;
  /** Markdown, one or two sentences: what breaks without it. */
  readonly doc: string;
  /** What its argument says; absent where it takes none. */
  readonly argument?: { readonly meaning: string; readonly optional?: true };
  readonly severity: Severity;
  /** It asks for something that depends on the lab, and not on the kinds of which it has some. */
  readonly ofLab?: true;
  /** Where the kernel has from what is asked for; absent where it is no matter of the kernel. */
  kernel?(arg: string): KernelPart | undefined;
  /** One argument for those of all requirements of a run, where they add up; otherwise each is checked by itself. */
  readonly combine?: (args: readonly string[]) => string;
  /** Programs without which it cannot be carried out; looked up before it runs. */
  readonly needs?: readonly string[];
  /**
   * @param arg - `''` only where the argument is optional or not taken
   * @throws the signal's reason on abort, after its clean-up
   */
  run(arg: string, context: CheckContext): Promise<Diagnosis>;
}

/** Let the compiler hold a descriptor to its type. */
export const defineCheck = (check: HostCheck): HostCheck => check;

/** What a check says that found what it looked for. */
export const good = (found: string): Diagnosis => ({ ok: true, found });
/** What a check says that did not, with the command that mends it. */
export const bad = (found: string, remedy: string): Diagnosis => ({ ok: false, found, remedy });

/** What a program said when it failed, as one line. */
export const saying = (result: CommandResult): string =>
  (result.stderr || result.stdout)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Command failed '))
    .join(' ') || `exit code ${result.exitCode}`;
