import { messageOf, PatchlabError } from '../errors.js';
import type { Command, CommandOf, Step, ToolName, Where } from '../plan/step.js';
import type { Batch } from '../plan/tools/batches.js';
import { commandLine, failedCommands, inNamespace, succeeded } from '../plan/tools/index.js';
import { escapeCommand } from './command.js';
import type { Hosts } from './hosts/define.js';

/** Milliseconds that one invocation may last. */
const TIME_LIMIT = 120_000;

/** Tools that are no program: what does their work instead. */
export type Executors = {
  readonly [T in ToolName]?: (command: CommandOf<T>, signal: AbortSignal) => Promise<void>;
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

/** Run a batch to its end, and tell what failed. */
export async function execute(batch: Batch, options: ExecuteOptions): Promise<readonly Failure[]> {
  const executor = options.executors[batch.tool] as Executor | undefined;
  if (!executor) return invoke(batch, options);
  const failures: Failure[] = [];
  for (const step of batch.steps) {
    try {
      await executor(step.do, options.signal);
    } catch (error) {
      failures.push({ steps: [step], why: reasonOf(error), cause: error });
      if (!options.keepGoing) break;
    }
  }
  return failures;
}

type Executor = (command: Command, signal: AbortSignal) => Promise<void>;

async function invoke(batch: Batch, options: ExecuteOptions): Promise<readonly Failure[]> {
  const { tool, where, steps } = batch;
  const commands = steps.map((step) => step.do);
  const { argv, input } = commandLine(tool, commands, options.keepGoing);
  try {
    const result = await options.hosts
      .at(where)
      .run({ argv, input, netns: where.netns, timeout: TIME_LIMIT });
    if (succeeded(tool, result)) return [];
    const indexes = failedCommands(tool, commands, result);
    const said = result.stderr.trim() || result.stdout.trim() || 'It said nothing.';
    const failed = indexes.flatMap((index) => steps[index] ?? []);
    if (failed.length === 0) return [{ steps, why: `${describe(steps, where)} failed.\n${said}` }];
    return failed.map((step) => ({
      steps: [step],
      why: `${describe([step], where)} failed (exit code ${result.exitCode}).\n${said}`,
    }));
  } catch (error) {
    return [{ steps, why: reasonOf(error), cause: error }];
  }
}

/** The commands of steps, each as one could paste it into a shell. */
function describe(steps: readonly Step[], { host, netns }: Where): string {
  const lines = steps.map((step) => {
    const { argv } = commandLine(step.do.tool, [step.do]);
    return `\`${escapeCommand(inNamespace(argv, netns, 'ip'))}\``;
  });
  const place = host === 'local' ? '' : ` in ${host.replace('guest:', 'guest ')}`;
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
