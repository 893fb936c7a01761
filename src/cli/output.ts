import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { PatchlabError } from '../errors.js';

/** The one place that writes to standard output and standard error. */
export interface Output {
  /** Write text. Once the reader has gone away, nothing more is written. */
  write(stream: Stream, text: string | Uint8Array): void;
  /** Columns of the terminal; nothing where standard output goes elsewhere. */
  readonly columns: number | undefined;
  /** Has a reader gone away? */
  readonly gone: boolean;
  /** Why something could not be written, such as a full disk. A reader that has gone away is no reason. */
  readonly failure: PatchlabError | undefined;
}

/** `out` and `err` by their descriptors. */
const STREAMS = { out: 1, err: 2 } as const;
export type Stream = keyof typeof STREAMS;

/** Milliseconds until a pipe that is full and does not block is tried again. */
const PAUSE = 5;

/**
 * Open the output.
 * @param onEnd - called once, when a reader has gone away or a write has failed
 */
export function openOutput(onEnd: (why: string) => void): Output {
  const closed = new Set<Stream>();
  let failure: PatchlabError | undefined;
  const end = (stream: Stream, error: NodeJS.ErrnoException): void => {
    closed.add(stream);
    const gone = error.code === 'EPIPE' || error.code === 'EIO';
    if (!gone)
      failure ??= new PatchlabError('output/failed', {
        what: `Standard ${stream === 'out' ? 'output' : 'error'} could not be written.`,
        why: error.message,
        cause: error,
      });
    onEnd(gone ? 'The reader of its output went away.' : 'Its output could not be written.');
  };
  return {
    write(stream, text) {
      if (closed.has(stream)) return;
      try {
        writeAll(STREAMS[stream], typeof text === 'string' ? Buffer.from(text) : text);
      } catch (error) {
        end(stream, error as NodeJS.ErrnoException);
      }
    },
    get columns() {
      return terminalColumns();
    },
    get gone() {
      return closed.size > 0 && failure === undefined;
    },
    get failure() {
      return failure;
    },
  };
}

/** Is one of the streams a terminal? Asking the descriptor costs less than to open Node's own stream. */
export const isTerminal = (stream: Stream): boolean => isatty(STREAMS[stream]);

/** Columns of the terminal that standard output is; nothing where it goes elsewhere. */
function terminalColumns(): number | undefined {
  if (!isTerminal('out')) return undefined;
  const { columns } = process.stdout;
  // Some terminals do not know how wide they are, and say 0.
  return columns > 0 ? columns : undefined;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // Another program made the pipe non-blocking, and it is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
