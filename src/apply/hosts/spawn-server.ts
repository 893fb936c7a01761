import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PatchlabError } from '../../errors.js';
import { commandMissing } from '../command.js';
import { escapeCommand } from '../../plan/quote.js';
import { openSlot, type Slot } from './spawn-slot.js';

/**
 * What the shell reads first; then a line `run SLOT STDIN PROGRAM ARGUMENT...` for each program. It says
 * `SLOT pid PID` and `SLOT end STATUS`. It ends with its standard input, and so with patchlab, however that
 * ends. `exec` keeps it from taking a program's name for one of its own commands. A named pipe that is open
 * for reading already can be opened for writing without a wait, also when patchlab has just died.
 */
const SERVER = `
dir=$1
trap 'rm -rf "$dir"' EXIT
make() {
  (cd "$dir" && mkfifo "$@") && echo "- made"
}
run() {
  slot=$1 input=$2
  shift 2
  out=$dir/$slot.out err=$dir/$slot.err
  {
    exec "$@" <"$input" 3<>"$out" >"$out" 4<>"$err" 2>"$err" 3>&- 4>&- &
    echo "$slot pid $!"
    wait $!
    echo "$slot end $?"
  } </dev/null &
  jobs >/dev/null # lets go of those that have ended
}
`;

/** Slots that are made at a time. */
const SLOTS = 32;

/** How a program ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

/** A shell that starts programs. */
export interface SpawnServer {
  alive(): boolean;
  start(argv: readonly string[], input: string | undefined): Promise<Running>;
}

/** Start a shell. This process may end while nothing runs in it, and takes it along. */
export function startServer(): SpawnServer {
  const dir = mkdtempSync(join(tmpdir(), 'patchlab-'));
  // In a session of its own: a Ctrl-C at the terminal is for patchlab, which may have something to take back.
  const child = spawn('sh', ['-s', dir], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const used = new Map<number, Slot>();
  let free: number[] = [];
  let made = 0;
  let making: Making | undefined;
  let death: Error | undefined;

  const fail = (error: Error): void => {
    death ??= error;
    for (const slot of used.values()) slot.fail(death);
    making?.fail(death);
    rmSync(dir, { recursive: true, force: true });
  };
  child.on('error', () => fail(commandMissing('sh')));
  child.on('exit', () => {
    fail(
      new PatchlabError('command/failed', { what: 'The shell that starts programs was ended.' }),
    );
  });
  // A write to a shell that has just died; its end tells more.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [number, what, value] = line.split(' ');
    if (what === 'made') making?.done();
    else used.get(Number(number))?.said(what ?? '', Number(value));
  });
  child.stdin.write(SERVER);
  const hold = holder([child, child.stdin, child.stdout] as unknown as readonly Holding[]);

  /** Make more slots. */
  const make = (): Making => {
    const numbers = Array.from({ length: SLOTS }, (_, index) => made + index);
    made += SLOTS;
    const pipes = numbers.flatMap((number) => [`${number}.out`, `${number}.err`]);
    child.stdin.write(`${escapeCommand(['make', ...pipes])}\n`);
    const { promise, resolve, reject } = deferred();
    return {
      promise,
      fail: reject,
      done() {
        free = [...free, ...numbers];
        making = undefined;
        resolve();
      },
    };
  };

  return {
    alive: () => death === undefined,
    async start(argv, input) {
      hold(true);
      try {
        while (free.length === 0) await (making ??= make()).promise;
        const number = free.pop() ?? 0;
        const slot = openSlot(join(dir, String(number)), input);
        used.set(number, slot);
        const line = ['run', String(number), slot.input, ...argv];
        // What is started at the same time goes out together.
        if (child.stdin.writableCorked === 0) {
          child.stdin.cork();
          process.nextTick(() => child.stdin.uncork());
        }
        child.stdin.write(`${escapeCommand(line)}\n`);
        const ended = slot.ended.finally(() => {
          used.delete(number);
          if (slot.clean()) free.push(number);
          hold(false);
        });
        return { ended, kill: slot.kill };
      } catch (error) {
        hold(false);
        throw error;
      }
    },
  };
}

/** Slots that the shell is making; whoever waits for one waits for the same. */
interface Making {
  readonly promise: Promise<void>;
  readonly done: () => void;
  readonly fail: (error: Error) => void;
}

function deferred() {
  let settle: [resolve: () => void, reject: (error: Error) => void] | undefined;
  const promise = new Promise<void>((resolve, reject) => (settle = [resolve, reject]));
  const [resolve, reject] = settle ?? [() => undefined, () => undefined];
  return { promise, resolve, reject };
}

/** Something that keeps this process from ending, as long as it is held. */
interface Holding {
  ref(): unknown;
  unref(): unknown;
}

/** Hold things as long as anybody uses them. */
function holder(parts: readonly Holding[]): (more: boolean) => void {
  let users = 0;
  for (const part of parts) part.unref();
  return (more) => {
    users += more ? 1 : -1;
    if (users === (more ? 1 : 0)) for (const part of parts) part[more ? 'ref' : 'unref']();
  };
}
