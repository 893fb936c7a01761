import { isatty } from 'node:tty';
import type { Agent } from '../apply/hosts/agent.js';
import { streamInGuest, type RunningStream } from '../apply/hosts/guest-stream.js';
import { PASSED_ON, type AttachedEnd } from './attach.js';
import type { Context } from './define.js';
import { withTerminal } from './terminal.js';

/** Milliseconds between two looks at a guest: for a person who types, and for a program. */
const POLL = { typing: 30, program: 150 } as const;

interface Settings {
  /** Does the program get a terminal? */
  readonly tty: boolean;
  /** Give what it prints instead of printing it. */
  readonly keep: boolean;
  readonly context: Context;
}

/** Run a program in a guest with this process's own standard input and output. */
export async function attachGuest(
  agent: Agent,
  argv: readonly string[],
  { tty, keep, context }: Settings,
): Promise<AttachedEnd> {
  const raw = tty && isatty(0);
  const kept = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const program = await streamInGuest(agent, {
    argv: tty ? withTerminal(argv, raw ? sizeCommand() : '') : argv,
    input: process.stdin,
    poll: raw ? POLL.typing : POLL.program,
    output: (stream, chunk) =>
      keep ? void kept[stream].push(chunk) : context.write(stream, chunk),
  });
  context.takeSignals(PASSED_ON, (signal) => void program.signal(signal).catch(() => undefined));
  // A reader that has gone away would end the program by SIGPIPE, were it here.
  context.signal.addEventListener('abort', () => stop(program));
  if (raw) process.stdin.setRawMode(true);
  try {
    const exitCode = await program.ended;
    const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString();
    return { exitCode, stdout: text(kept.out), stderr: text(kept.err) };
  } finally {
    if (raw) process.stdin.setRawMode(false);
    process.stdin.destroy();
  }
}

const stop = (program: RunningStream): void => void program.signal('TERM').catch(() => undefined);

/** So that programs in the guest know how large this terminal is. */
const sizeCommand = (): string =>
  `stty rows ${process.stdout.rows} cols ${process.stdout.columns}; `;
