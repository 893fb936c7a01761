import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PatchlabError } from '../../errors.js';
import { commandMissing } from '../command.js';
import { escapeCommand } from '../../plan/quote.js';
import { makeScratch, sweepScratch } from '../scratch.js';
import { ALIVE } from './outlast.js';
import { abortable, deferred, holder, type Holding } from './spawn-wait.js';
import { openSlot, type Slot } from './spawn-slot.js';

/**
 * What the shell reads first; then a line `run SLOT STDIN PROGRAM ARGUMENT...` for each program. It says
 * `SLOT pid PID` and `SLOT end STATUS`. It ends with its standard input, and so with patchlab, however that
 * ends. `exec` keeps it from taking a program's name for one of its own commands. A named pipe that is open
 * for reading already can be opened for writing without a wait, also when patchlab has just died. All that it runs ends
 * with it: what is in its process group, and what has made one of its own, as timeout(1) does. What is beyond its reach has
 * `alive` open, which is open for writing here alone, and as long as it has a name.
 */
const SERVER = `
dir=$1
set -f
trap 'trap "" TERM; rm -rf "$dir"; kill -s TERM 0' EXIT
make() {
  if said=$( (cd "$dir" && mkfifo "$@") 2>&1); then exec 9<>"$dir/alive" && echo "- made"; else echo "- failed $?" $said; fi
}
run() {
  slot=$1 input=$2
  shift 2
  out=$dir/$slot.out err=$dir/$slot.err
  {
    exec "$@" <"$input" 3<>"$out" >"$out" 4<>"$err" 2>"$err" 3>&- 4>&- &
    trap "kill -s KILL -- -$!; exit" TERM
    echo "$slot pid $!"
    wait $!
    echo "$slot end $?"
  } </dev/null 9>&- &
  jobs >/dev/null # lets go of those that have ended
}
`;

/** Slots that are made at a time. */
const SLOTS = 32;
/** Milliseconds in which the shell makes them. */
const MAKING = 30_000;

/** How a program ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Wait for its end no longer: nothing ends it. */
  abandon(error: unknown): void;
}

/** A shell that starts programs. */
export interface SpawnServer {
  alive(): boolean;
  /** @throws PatchlabError where no pipes can be made, and the reason of the signal when it is aborted */
  start(
    argv: readonly string[],
    input: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Running>;
}

/** Start a shell. This process may end while nothing runs in it, and takes it along. */
export function startServer(): SpawnServer {
  sweepScratch();
  const dir = makeScratch();
  // In a session of its own: a Ctrl-C at the terminal is for patchlab, which may have something to take back.
  const child = spawn('sh', ['-s', dir], {
    ...{ stdio: ['pipe', 'pipe', 'ignore'], detached: true },
    env: { ...process.env, [ALIVE]: join(dir, 'alive') },
  });
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
    const [number, what, value, ...rest] = line.split(' ');
    if (what === 'made') making?.done();
    else if (what === 'failed') making?.fail(noPipes(dir, Number(value), rest.join(' ')));
    else used.get(Number(number))?.said(what ?? '', Number(value));
  });
  child.stdin.write(SERVER);
  const hold = holder([child, child.stdin, child.stdout] as unknown as readonly Holding[]);

  /** Make more slots, and at first the pipe that tells that the shell lives. */
  const make = (): Making => {
    const numbers = Array.from({ length: SLOTS }, (_, index) => made + index);
    const isFirst = made === 0;
    made += SLOTS;
    const pipes = numbers.flatMap((number) => [`${number}.out`, `${number}.err`]);
    child.stdin.write(`${escapeCommand(['make', ...(isFirst ? ['alive'] : []), ...pipes])}\n`);
    const { promise, resolve, reject } = deferred();
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(noPipes(dir, undefined, `The shell said nothing within ${MAKING} ms.`));
    }, MAKING);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      making = undefined;
      then();
    };
    return {
      promise,
      fail: (error) => settle(() => reject(error)),
      done: () =>
        settle(() => {
          free = [...free, ...numbers];
          resolve();
        }),
    };
  };

  return {
    alive: () => death === undefined,
    async start(argv, input, signal) {
      hold(true);
      try {
        while (free.length === 0) await abortable((making ??= make()).promise, signal);
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
        return { ended, kill: slot.kill, abandon: slot.fail };
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

const noPipes = (dir: string, status: number | undefined, why: string): PatchlabError =>
  status === NOT_FOUND
    ? commandMissing('mkfifo')
    : new PatchlabError('host/no-room', {
        what: `The pipes of programs could not be made in ${dir}.`,
        why,
      });

/** Exit code of a shell for a program that is not there. */
const NOT_FOUND = 127;
