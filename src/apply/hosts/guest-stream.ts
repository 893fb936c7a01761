import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../../errors.js';
import type { Agent } from './agent.js';
import { CHUNK, openIn, type GuestFile } from './guest-file.js';
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

/** Messages of input that the program may be behind. */
const BEHIND = 4;
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

/** What the shell in the guest has told so far: which files are whole, and how the program ended. */
interface Told {
  readonly whole: Set<string>;
  /** Files of input that were handed to the program. */
  taken: number;
  inputClosed: boolean;
  exit: number | undefined;
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
      if (performance.now() - quiet > SILENCE) {
        await demandAlive(agent, pid, told);
        quiet = performance.now();
      }
      await sleep(pause);
      pause = Math.min(pause * 1.5, stream.poll);
    }
  } finally {
    over = true;
    await execute(agent, REMOVE, [folder]).catch(() => undefined);
  }
}

/** Take the lines that are complete. @returns what is left */
function readLog(text: string, told: Told): string {
  const lines = text.split('\n');
  for (const line of lines.slice(0, -1)) {
    const [word = '', value = ''] = line.split(' ');
    if (word === 'exit') told.exit = Number(value) || 0;
    else if (word === 'in') told.taken = Number(value) + 1;
    else if (word === 'closed') told.inputClosed = true;
    else told.whole.add(`${word}.${value}`);
  }
  return lines.at(-1) ?? '';
}

/** Reads the files of one stream, one after the other, and lets the shell remove those that were read. */
function reader(agent: Agent, folder: string, name: 'out' | 'err', told: Told) {
  let number = 0;
  let file: GuestFile | undefined;
  let ack: GuestFile | undefined;
  let ended = false;
  // Nobody reads it any more where the program has ended meanwhile; a dead agent is heard of by the next read.
  const acknowledge = async (): Promise<void> => {
    try {
      ack ??= await openIn(agent, `${folder}/${name}.ack`, 'w');
      await ack.write(Buffer.from('\n'));
    } catch {
      ack = undefined;
    }
  };
  const nothing = Buffer.alloc(0);
  return {
    name,
    ended: () => ended,
    async next(): Promise<Buffer> {
      if (ended) return nothing;
      const whole = told.whole.has(`${name}.${number}`);
      file ??= await openIn(agent, `${folder}/${name}.${number}`, 'r');
      const bytes = await file.read();
      if (bytes.length > 0 || !whole) return bytes;
      await file.close();
      file = undefined;
      ended = told.whole.has(`${name}.end`) && !told.whole.has(`${name}.${number + 1}`);
      if (ended) return nothing;
      number += 1;
      await acknowledge();
      return this.next();
    },
  };
}

/** Hand on standard input, never much ahead of the program. */
async function feed(
  agent: Agent,
  folder: string,
  input: AsyncIterable<Uint8Array>,
  told: Told,
  over: () => boolean,
): Promise<void> {
  let number = 0;
  let control: GuestFile | undefined;
  const tell = async (word: string): Promise<void> => {
    control ??= await openIn(agent, `${folder}/control`, 'w');
    await control.write(Buffer.from(`${word}\n`));
  };
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += CHUNK) {
      while (number - told.taken >= BEHIND && !told.inputClosed && !over()) await sleep(FIRST_POLL);
      if (over() || told.inputClosed) return;
      const file = await openIn(agent, `${folder}/in.${number}`, 'w');
      await file.write(chunk.subarray(at, at + CHUNK));
      await file.close();
      await tell(String(number));
      number += 1;
    }
  }
  if (!over() && !told.inputClosed) await tell('end');
}

/** The shell in the guest makes its files first; this takes it a moment. */
async function openWhenThere(agent: Agent, path: string, pid: number): Promise<GuestFile> {
  for (;;) {
    try {
      return await openIn(agent, path, 'r');
    } catch (error) {
      await demandAlive(agent, pid, undefined, error);
      await sleep(FIRST_POLL);
    }
  }
}

async function demandAlive(
  agent: Agent,
  pid: number,
  told: Told | undefined,
  cause?: unknown,
): Promise<void> {
  const status = await agent.command('guest-exec-status', (await answers()).execStatus, {
    args: { pid },
  });
  if (!status.exited || told?.exit !== undefined) return;
  throw new PatchlabError('guest/agent', {
    what: `The shell that ran the program in domain \`${agent.domain}\` has ended without a word.`,
    fix: 'Look whether the guest has `sh`, `dd`, `mkfifo` and `setsid`, and memory left.',
    cause,
  });
}
