import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from './agent.js';

/** The files through which a program in a guest gets its input and gives its output. */

/** Octets of one message. */
const CHUNK = 32_768;
/** Messages of input that the program may be behind. */
const BEHIND = 4;
/** Milliseconds until the program is looked at again. */
const PAUSE = 4;

/** An open file of a guest. */
export interface Handle {
  read(): Promise<Buffer>;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Open a file of the guest. The agent reads on where a file has grown since.
 * @param mode - `r+` for a named pipe: to open one for writing alone stops the agent until somebody reads it, fifo(7)
 */
export async function openIn(agent: Agent, path: string, mode: 'r' | 'r+' | 'w'): Promise<Handle> {
  const { anything, content, handle: handleOf } = await import('./agent-answers.js');
  const handle = await agent.command('guest-file-open', handleOf, { args: { path, mode } });
  return {
    async read() {
      const args = { handle, count: CHUNK };
      const answer = await agent.command('guest-file-read', content, { args });
      return Buffer.from(answer['buf-b64'], 'base64');
    },
    async write(bytes) {
      const text = Buffer.from(bytes).toString('base64');
      await agent.command('guest-file-write', anything, { args: { handle, 'buf-b64': text } });
      await agent.command('guest-file-flush', anything, { args: { handle } });
    },
    async close() {
      await agent.command('guest-file-close', anything, { args: { handle } });
    },
  };
}

/** What the shell in the guest has told so far: which files are whole, and how the program ended. */
export interface Told {
  readonly whole: Set<string>;
  /** Files of input that were handed to the program. */
  taken: number;
  inputClosed: boolean;
  exit: number | undefined;
}

/** Take the lines that are complete. @returns what is left */
export function readLog(text: string, told: Told): string {
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
export function reader(agent: Agent, folder: string, name: 'out' | 'err', told: Told) {
  let number = 0;
  let file: Handle | undefined;
  let ack: Handle | undefined;
  let ended = false;
  // Nobody reads it any more where the program has ended meanwhile; a dead agent is heard of by the next read.
  const acknowledge = async (): Promise<void> => {
    try {
      ack ??= await openIn(agent, `${folder}/${name}.ack`, 'r+');
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
export async function feed(
  agent: Agent,
  folder: string,
  input: AsyncIterable<Uint8Array>,
  told: Told,
  over: () => boolean,
): Promise<void> {
  let number = 0;
  let control: Handle | undefined;
  const tell = async (word: string): Promise<void> => {
    control ??= await openIn(agent, `${folder}/control`, 'r+');
    await control.write(Buffer.from(`${word}\n`));
  };
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += CHUNK) {
      while (number - told.taken >= BEHIND && !told.inputClosed && !over()) await sleep(PAUSE);
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
