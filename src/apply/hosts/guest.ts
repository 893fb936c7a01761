import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../../errors.js';
import { inNamespace } from '../../plan/tools/index.js';
import { escapeCommand, type CommandResult } from '../command.js';
import type { Agent } from './agent.js';
import type { Host, HostCommand } from './define.js';
import { openIn } from './guest-stream-files.js';
import { runScript } from './script.js';
import { hostNameOf, insideOf, LOCAL } from '../../where.js';

/** Milliseconds between two looks at a program in a guest: short at first, since most end at once. */
const POLL = { first: 5, factor: 1.5, most: 200 } as const;

/** Exit code of a program that a signal ended, as a shell gives it. */
const SIGNALLED = 128;

/** Their shapes are read by a large library, which is loaded where a guest is spoken to. */
const answers = () => import('./agent-answers.js');

/** The inside of a guest, reached through its agent. Programs are looked up in the PATH that the agent was started with. */
export function guestHost(node: string, agent: Agent): Host {
  const run = async (command: HostCommand): Promise<CommandResult> => {
    command.signal?.throwIfAborted();
    const argv = inNamespace(command.argv, command.netns, 'ip');
    const pid = await start(node, agent, argv, command.input);
    return waitFor(node, agent, pid, argv, command);
  };
  return {
    name: hostNameOf(insideOf(LOCAL, node)),
    run,
    clock: async () => (await agent.command('guest-get-time', (await answers()).time)) / 1e9,
    open: (path, mode) =>
      openIn(agent, path, mode).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    series: (commands, options) => runScript(run, commands, 'ip', options),
  };
}

/** Does the agent say that a file is not there? */
const isMissing = (error: unknown): boolean =>
  error instanceof PatchlabError && /No such file or directory/.test(error.why ?? '');

async function start(
  node: string,
  agent: Agent,
  argv: readonly string[],
  input: string | undefined,
): Promise<number> {
  const [path, ...arg] = argv;
  if (path === undefined) throw new TypeError('empty argument array');
  try {
    const args = {
      path,
      arg,
      ...(input !== undefined && { 'input-data': Buffer.from(input).toString('base64') }),
      'capture-output': true,
    };
    return (await agent.command('guest-exec', (await answers()).started, { args })).pid;
  } catch (error) {
    if (isMissing(error)) {
      throw new PatchlabError('command/missing', {
        what: `The program \`${path}\` is not installed in guest \`${node}\`.`,
        fix: 'Use a guest image that has the program.',
        cause: error,
      });
    }
    throw error;
  }
}

async function waitFor(
  node: string,
  agent: Agent,
  pid: number,
  argv: readonly string[],
  { timeout, signal }: HostCommand,
): Promise<CommandResult> {
  const deadline = timeout === undefined ? Infinity : performance.now() + timeout;
  for (let pause: number = POLL.first; ; pause = Math.min(pause * POLL.factor, POLL.most)) {
    const { execStatus } = await answers();
    const status = await agent.command('guest-exec-status', execStatus, { args: { pid } });
    if (status.exited) {
      return {
        argv,
        exitCode: status.exitcode ?? SIGNALLED + (status.signal ?? 0),
        stdout: decode(status['out-data']),
        stderr: decode(status['err-data']),
      };
    }
    if (signal?.aborted) {
      await kill(agent, pid);
      signal.throwIfAborted();
    }
    if (performance.now() > deadline) {
      await kill(agent, pid);
      throw new PatchlabError('command/timeout', {
        what: `\`${escapeCommand(argv)}\` in guest \`${node}\` did not end within ${timeout} ms.`,
      });
    }
    await sleep(pause);
  }
}

/** The protocol can start programs but not end them: a program of the guest does. */
const kill = async (agent: Agent, pid: number): Promise<unknown> =>
  agent
    .command('guest-exec', (await answers()).started, {
      args: { path: 'kill', arg: [String(pid)], 'capture-output': false },
    })
    // The guest may be gone, which ends the program too.
    .catch(() => undefined);

const decode = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
