import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../../errors.js';
import type { Agent } from './agent.js';
import { feed, openIn, reader, readLog, type Handle, type Told } from './guest-stream-files.js';

import { KILL, REMOVE, RUN } from './guest-stream-script.js';

/** Their shapes are read by a large library, which is loaded where a guest is spoken to. */
const answers = () => import('./agent-answers.js');

/** A program in a guest whose output comes while it runs. */
export interface GuestStream {
  readonly argv: readonly string[];
  /** Where standard input comes from. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly output: (stream: 'out' | 'err', chunk: Uint8Array) => void;
  /** Milliseconds between two looks, at most: short where somebody types. */
  readonly poll: number;
}

/** A program that has been started. */
export interface RunningStream {
  /** Send a signal to the program and all that it started. */
  signal(name: string): Promise<void>;
  /** Its exit code, once all its output was handed on. */
  readonly ended: Promise<number>;
}

const FIRST_POLL = 4;
/** Milliseconds without news after which the program's shell is asked whether it is still there. */
const SILENCE = 2_000;

/** Run a short program in the guest, and do not wait for it. @returns its process id */
async function execute(agent: Agent, script: string, args: readonly string[]): Promise<number> {
  const argument = { path: 'sh', arg: ['-c', script, 'sh', ...args], 'capture-output': false };
  return (await agent.command('guest-exec', (await answers()).started, { args: argument })).pid;
}

/**
 * Start a program in a guest. The agent's protocol gives output at the end only and takes input at the start only, so a
 * shell in the guest puts both into small files, of which only a few are there at a time.
 */
export async function streamInGuest(agent: Agent, stream: GuestStream): Promise<RunningStream> {
  const folder = `/run/patchlab-exec-${randomBytes(6).toString('hex')}`;
  const pid = await execute(agent, RUN, [folder, ...stream.argv]);
  return {
    async signal(name) {
      await execute(agent, KILL, [folder, name.replace(/^SIG/, '')]);
    },
    ended: follow(agent, folder, pid, stream),
  };
}

async function follow(
  agent: Agent,
  folder: string,
  pid: number,
  stream: GuestStream,
): Promise<number> {
  const told: Told = { whole: new Set(), taken: 0, inputClosed: false, exit: undefined };
  const log = await openWhenThere(agent, `${folder}/log`, pid);
  const parts = [reader(agent, folder, 'out', told), reader(agent, folder, 'err', told)];
  let over = false as boolean;
  // What it cannot hand on any more, the program does not want any more; a dead agent is heard of below.
  feed(agent, folder, stream.input, told, () => over).catch(() => undefined);
  let rest = '';
  let pause: number = FIRST_POLL;
  let quiet = performance.now();
  // As it was before the log was read: its last word may come between a look into the log and this.
  let shellEnded = false;
  try {
    for (;;) {
      // Before the files are read, so that nothing can come after what it says is whole.
      rest = readLog(rest + (await log.read()).toString(), told);
      let news = false;
      for (const part of parts) {
        for (let bytes = await part.next(); bytes.length > 0; bytes = await part.next()) {
          news = true;
          stream.output(part.name, bytes);
        }
      }
      if (told.exit !== undefined && parts.every((part) => part.ended())) return told.exit;
      if (news || told.exit !== undefined) {
        [pause, quiet] = [FIRST_POLL, performance.now()];
        continue;
      }
      if (shellEnded) throw endedSilently(agent);
      if (performance.now() - quiet > SILENCE) {
        shellEnded = await hasEnded(agent, pid);
        quiet = performance.now();
        if (shellEnded) continue;
      }
      await sleep(pause);
      pause = Math.min(pause * 1.5, stream.poll);
    }
  } finally {
    over = true;
    await execute(agent, REMOVE, [folder]).catch(() => undefined);
  }
}

/** The shell in the guest makes its files first; this takes it a moment. */
async function openWhenThere(agent: Agent, path: string, pid: number): Promise<Handle> {
  for (let shellEnded = false; ;) {
    try {
      return await openIn(agent, path, 'r');
    } catch (error) {
      if (shellEnded) throw endedSilently(agent, error);
      shellEnded = await hasEnded(agent, pid);
      if (!shellEnded) await sleep(FIRST_POLL);
    }
  }
}

/** Has a shell ended? The agent tells of an end once. */
async function hasEnded(agent: Agent, pid: number): Promise<boolean> {
  const { execStatus } = await answers();
  return (await agent.command('guest-exec-status', execStatus, { args: { pid } })).exited;
}

const endedSilently = (agent: Agent, cause?: unknown): PatchlabError =>
  new PatchlabError('guest/agent', {
    what: `The shell that ran the program in domain \`${agent.domain}\` has ended without a word.`,
    fix: 'Look whether the guest has `sh`, `dd`, `mkfifo` and `setsid`, and memory left.',
    cause,
  });
