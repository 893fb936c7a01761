import { messageOf, PatchlabError } from '../errors.js';
import type { Command, CommandOf, Step, ToolName, Where } from '../plan/step.js';
import type { Batch } from '../plan/tools/batches.js';
import type { Bundle } from '../plan/tools/bundles.js';
import { commandLine, failedCommands, inNamespace, succeeded } from '../plan/tools/index.js';
import { commandMissing, escapeCommand, type CommandResult } from './command.js';
import type { Host, Hosts, SeriesCommand, SeriesOptions } from './hosts/define.js';

/** Milliseconds that one invocation may last. */
const TIME_LIMIT = 120_000;

/** Tools that are no program: what does their work instead. */
export type Executors = {
  readonly [T in ToolName]?: (
    command: CommandOf<T>,
    signal: AbortSignal,
    where: Where,
  ) => Promise<void>;
};

/** Why steps did not succeed. Several steps: it is not known which of them failed. */
export interface Failure {
  readonly steps: readonly Step[];
  /** The command as one could paste it, and its own message. */
  readonly why: string;
  readonly cause?: unknown;
}

export interface ExecuteOptions {
  readonly hosts: Hosts;
  readonly executors: Executors;
  readonly signal: AbortSignal;
  /** A step that fails does not keep the later ones of its batch from running, where the tool can. */
  readonly keepGoing?: boolean;
}

/** Run what goes out together to its end, and tell what failed. */
export async function execute(
  { host, parts }: Pick<Bundle, 'host' | 'parts'>,
  options: ExecuteOptions,
): Promise<readonly Failure[]> {
  const [only] = parts;
  const executor = only && (options.executors[only.tool] as Executor | undefined);
  return executor ? executeHere(only.steps, executor, options) : invoke(host, parts, options);
}

type Executor = (command: Command, signal: AbortSignal, where: Where) => Promise<void>;

async function executeHere(
  steps: readonly Step[],
  executor: Executor,
  { signal, keepGoing }: ExecuteOptions,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const step of steps) {
    try {
      await executor(step.do, signal, step.where);
    } catch (error) {
      failures.push({ steps: [step], why: reasonOf(error), cause: error });
      if (!keepGoing) break;
    }
  }
  return failures;
}

async function invoke(
  name: string,
  parts: readonly Batch[],
  { hosts, keepGoing = false }: ExecuteOptions,
): Promise<readonly Failure[]> {
  const commands = parts.map(({ tool, where, steps }): SeriesCommand => {
    const invocation = commandLine(
      tool,
      steps.map((step) => step.do),
      keepGoing,
    );
    return { ...invocation, netns: where.netns };
  });
  try {
    const host = hosts.named(name);
    const limits = parts.flatMap(({ steps }) => steps.map((step) => limitOf(step.do)));
    const results = await runAll(host, commands, { keepGoing, timeout: Math.max(...limits) });
    return parts.flatMap((part, index) => {
      const result = results[index];
      return result ? failuresOf(part, result) : [];
    });
  } catch (error) {
    const steps = parts.flatMap((part) => part.steps);
    return [{ steps, why: reasonOf(error), cause: error }];
  }
}

const limitOf = (command: Command): number =>
  command.tool === 'exec' && command.seconds !== undefined ? command.seconds * 1000 : TIME_LIMIT;

/** By one call where there are several and the host can. */
async function runAll(
  host: Host,
  commands: readonly SeriesCommand[],
  options: SeriesOptions,
): Promise<readonly CommandResult[]> {
  if (host.series && commands.length > 1) return host.series(commands, options);
  const results: CommandResult[] = [];
  for (const command of commands) {
    const result = await host.run({ ...command, timeout: options.timeout });
    results.push(result);
    if (result.exitCode !== 0 && !options.keepGoing) break;
  }
  return results;
}

function failuresOf({ tool, where, steps }: Batch, result: CommandResult): readonly Failure[] {
  if (succeeded(tool, result)) return [];
  const commands = steps.map((step) => step.do);
  const said = result.stderr.trim() || result.stdout.trim() || 'It said nothing.';
  const failed = failedCommands(tool, commands, result).flatMap((index) => steps[index] ?? []);
  // The shell of a series has not found it.
  const missing = result.exitCode === 127 && { cause: commandMissing(result.argv[0] ?? '') };
  if (failed.length === 0)
    return [{ steps, why: `${describe(steps, where)} failed.\n${said}`, ...missing }];
  return failed.map((step) => ({
    steps: [step],
    why: `${describe([step], where)} failed (exit code ${result.exitCode}).\n${said}`,
    ...missing,
  }));
}

/** The commands of steps, each as one could paste it into a shell. */
function describe(steps: readonly Step[], where: Where): string {
  const lines = steps.map((step) => {
    const { argv } = commandLine(step.do.tool, [step.do]);
    return `\`${escapeCommand(inNamespace(argv, where.netns, 'ip'))}\``;
  });
  const place = where.inside === undefined ? '' : ` in guest ${where.inside}`;
  return lines.length === 1 ? `${lines.join('')}${place}` : `One of${place}\n${lines.join('\n')}\n`;
}

const reasonOf = (error: unknown): string =>
  error instanceof PatchlabError && error.why !== undefined
    ? `${error.what}\n${error.why}`
    : messageOf(error);

/** The error for a step that failed: its id, its purpose, its command and what that said. */
export function stepFailed({ steps, why, cause }: Failure): PatchlabError {
  const [step] = steps;
  const names = steps.map(({ id }) => `\`${id}\``).join(', ');
  // A host that lacks something keeps its own code and remedy.
  const lacks = cause instanceof PatchlabError && cause.exitCode === 4 ? cause : undefined;
  const specific =
    cause instanceof PatchlabError && cause.code.startsWith('guest/') ? cause : lacks;
  return new PatchlabError(specific?.code ?? 'apply/step', {
    what:
      steps.length === 1 && step
        ? `Step ${names} failed: ${step.why}.`
        : `One of the steps ${names} failed.`,
    why,
    ...(specific && { fix: specific.fix }),
    cause,
  });
}
