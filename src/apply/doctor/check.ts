import { PatchlabError } from '../../errors.js';
import type { Requirement } from '../../plan/step.js';
import { tryCommand } from '../command.js';
import type { CheckContext, CheckResult, Diagnosis, HostCheck } from './define.js';
import { findCheck } from './registry.js';
import { findProgram, missing } from './programs.js';

export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for each result as it comes. */
  readonly onResult?: ((result: CheckResult) => void) | undefined;
  /** Environment in which the checks run; that of this process unless given. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Checks at a time; more than there are processors, since most wait for a program. */
const LIMIT = 8;
const COMMAND_TIMEOUT = 10_000;

/** A requirement on one line, as messages name it. */
export const labelOf = ({ check, arg }: Requirement): string =>
  arg === undefined ? check : `${check}:${arg}`;

function createContext({ signal, env = process.env }: CheckOptions): CheckContext {
  const found = new Map<string, Promise<unknown>>();
  // Messages are read in English; whatever is not set here keeps its value in the child.
  const childEnv = { ...env, LC_ALL: 'C' } as Record<string, string>;
  return {
    signal,
    env,
    run: (argv, { timeout = COMMAND_TIMEOUT, input, toTheEnd = false } = {}) =>
      tryCommand(argv, {
        ...{ timeout, input, env: childEnv },
        ...(toTheEnd ? { detached: true } : { signal }),
      }),
    once<T>(key: string, find: () => Promise<T>) {
      const known = found.get(key) ?? find();
      found.set(key, known);
      return known as Promise<T>;
    },
  };
}

interface Task {
  readonly check: HostCheck;
  readonly requirement: Requirement;
}

/** Each requirement once, those that add up as one. */
function toTasks(requirements: readonly Requirement[]): readonly Task[] {
  const tasks = new Map<string, Task>();
  for (const requirement of requirements) {
    const check = findCheck(requirement);
    const args = requirements.filter((r) => r.check === check.name).map((r) => r.arg ?? '');
    const whole = check.combine ? { check: check.name, arg: check.combine(args) } : requirement;
    tasks.set(labelOf(whole), { check, requirement: whole });
  }
  return [...tasks.values()];
}

async function find({ check, requirement }: Task, context: CheckContext): Promise<Diagnosis> {
  for (const program of check.needs ?? []) {
    if ((await findProgram(program, context.env)) === undefined) return missing(program);
  }
  try {
    const finding = await check.run(requirement.arg ?? '', context);
    context.signal?.throwIfAborted();
    return finding;
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!(error instanceof PatchlabError)) throw error;
    return { ok: false, found: [error.what, error.why].join(' ').trim(), remedy: error.fix };
  }
}

async function runCheck(task: Task, context: CheckContext): Promise<CheckResult> {
  context.signal?.throwIfAborted();
  const begin = performance.now();
  const finding = await find(task, context);
  const ms = Math.round((performance.now() - begin) * 10) / 10;
  return { ...task.requirement, severity: task.check.severity, ...finding, ms };
}

/**
 * Check the host, several things at a time. Each requirement is checked once however often it is
 * listed, and a check that could not be carried out has failed. Nothing of the checks is left
 * when this settles, also on abort, but what the kernel and ovs-vswitchd take away by themselves within
 * some 50 ms.
 * @returns the results in the order in which the requirements first came
 * @throws TypeError for a check that does not exist; the signal's reason on abort
 */
export async function checkRequirements(
  requirements: readonly Requirement[],
  options: CheckOptions = {},
): Promise<CheckResult[]> {
  const tasks = toTasks(requirements);
  const context = createContext(options);
  const results: CheckResult[] = [];
  const queue = tasks.entries();
  const work = async () => {
    for (const [index, task] of queue) {
      const result = await runCheck(task, context);
      results[index] = result;
      options.onResult?.(result);
    }
  };
  // Also when one fails, the others clean up before this settles.
  const ends = await Promise.allSettled(Array.from({ length: LIMIT }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
