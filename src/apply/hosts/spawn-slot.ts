import { constants, openSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Ended } from './spawn-server.js';

/** One program that a shell has been told to run, between its pipes. */
export interface Slot {
  /** Path of its standard input. */
  readonly input: string;
  readonly ended: Promise<Ended>;
  /** What the shell says of it: `pid`, then `end` with the status. */
  readonly said: (what: string, value: number) => void;
  /** The shell has died; nobody knows how the program ends. */
  readonly fail: (error: unknown) => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Has all that held its pipes let go of them, so that another program can have them? */
  readonly clean: () => boolean;
}

/**
 * Open the pipes of a program that is about to be started. Pipes and not files: some programs limit the size
 * of the files that they may write to nothing (ladvd does).
 * @param path - begins the names of its pipes, and of the file with its input
 */
export function openSlot(path: string, text: string | undefined): Slot {
  const input = text === undefined ? '/dev/null' : `${path}.in`;
  if (text !== undefined) writeFileSync(input, text);
  const [out, err] = [reader(`${path}.out`), reader(`${path}.err`)];
  let pid: number | undefined;
  let wanted: NodeJS.Signals | undefined;
  let exit: (status: number) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const exited = new Promise<number>((resolve, reject) => ([exit, fail] = [resolve, reject]));

  const kill = (signal: NodeJS.Signals): void => {
    wanted = signal;
    if (pid === undefined) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  };
  const collect = async (): Promise<Ended> => {
    try {
      const status = await exited;
      // What was killed may have left others behind, which keep its pipes open.
      if (wanted !== undefined) for (const one of [out, err]) one.close();
      const [stdout, stderr] = await Promise.all([out.all, err.all]);
      return { status, stdout, stderr };
    } finally {
      for (const one of [out, err]) one.close();
      if (text !== undefined) rmSync(input, { force: true });
    }
  };
  return {
    input,
    ended: collect(),
    kill,
    fail: (error) => fail(error),
    clean: () => out.atEnd() && err.atEnd(),
    said(what, value) {
      if (what === 'end') exit(value);
      else {
        pid = value;
        if (wanted !== undefined) kill(wanted);
      }
    },
  };
}

interface Reader {
  /** All that came until the last writer had closed the pipe, or until it was closed here. */
  readonly all: Promise<string>;
  readonly atEnd: () => boolean;
  readonly close: () => void;
}

/** Read a named pipe. It opens without a writer, and is not at its end before there has been one: fifo(7), poll(2). */
function reader(path: string): Reader {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  const chunks: Buffer[] = [];
  let ended = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => (ended = true));
  const all = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
  return { all, atEnd: () => ended, close: () => socket.destroy() };
}
