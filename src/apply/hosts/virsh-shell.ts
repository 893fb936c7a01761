import { randomUUID } from 'node:crypto';
import { messageOf, PatchlabError } from '../../errors.js';
import { commandMissing, commandTimeout } from '../command.js';

/** Milliseconds beyond a command's own time limit after which virsh itself is given up. */
const GRACE = 5_000;

export interface VirshShell {
  /**
   * Run one virsh command to its end.
   * @param words - the command and its arguments
   * @param limit - milliseconds after which the command ends by itself
   * @returns what it printed
   * @throws PatchlabError `libvirt/failed` with virsh's own text, `libvirt/unreachable` where nothing answers it, or not in time
   */
  run(words: readonly string[], limit: number): Promise<string>;
  /**
   * Start virsh ahead of its first command, with descriptor 3 for `--pass-fds`: an open file, which may be closed
   * once virsh has answered, or bytes to be read from it.
   */
  start(descriptor: number | Uint8Array): void;
  close(): void;
}

/**
 * An interactive virsh(1) that is kept running, because a process for each call costs ten times what
 * the call does. Commands run one after the other. It is started by the first one, and anew after it
 * has died. A libvirt that hangs hangs virsh alone, which is killed.
 * @param uri - what it connects to: https://libvirt.org/uri.html
 */
export function openVirshShell(uri: string): VirshShell {
  let child: VirshChild | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(words, limit) {
      const run = last.then(async () => {
        if (!child?.alive()) child = await startVirsh(uri);
        return child.ask(words, limit);
      });
      last = run.catch(() => undefined);
      return run;
    },
    start(descriptor) {
      child?.end('another was started');
      last = last.then(async () => {
        child = await startVirsh(uri, descriptor);
      });
    },
    close() {
      child?.end('it was closed');
      // It may be about to start.
      void last.then(() => child?.end('it was closed'));
    },
  };
}

interface VirshChild {
  alive(): boolean;
  ask(words: readonly string[], limit: number): Promise<string>;
  end(why: string): void;
}

async function startVirsh(uri: string, descriptor?: number | Uint8Array): Promise<VirshChild> {
  // Loaded when it is needed, as it takes a while.
  const { execa } = await import('execa');
  const child = execa('virsh', ['-q', '-c', uri], {
    // execa takes every descriptor, though its types stop at 9.
    stdio: ['pipe', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor as 3])],
    buffer: false,
    reject: false,
    // Out of reach of the terminal's Ctrl-C: a teardown may still need it.
    detached: true,
    // A dumb terminal, untranslated messages, and no history in the user's home.
    env: { TERM: 'dumb', LC_ALL: 'C', XDG_CACHE_HOME: '/dev/null' },
  });
  let [out, err] = ['', ''];
  let ended: string | Error | undefined;
  let look = (): void => undefined;

  const end = (why: string | Error): void => {
    ended ??= why;
    child.kill('SIGKILL');
    look();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
    look();
  });
  // A write to a virsh that has just died; its end tells more.
  child.stdin.on('error', () => undefined);
  void child.then((result) =>
    end(
      result.code === 'ENOENT'
        ? commandMissing('virsh')
        : messagesIn(err) || (result.failed ? messageOf(result) : 'virsh has ended'),
    ),
  );

  return {
    alive: () => ended === undefined,
    end,
    ask(words, limit) {
      // Nobody can guess it: an agent's own text may be among what virsh prints.
      const mark = `patchlab-end-${randomUUID()}`;
      [out, err] = ['', ''];
      return new Promise((resolve, reject) => {
        const late = commandTimeout(['virsh', ...words.slice(0, 2)], limit + GRACE);
        const timer = setTimeout(end, limit + GRACE, late);
        look = () => {
          // Both streams carry the mark once all that the command printed has arrived.
          const complete = out.includes(`\n${mark}`) && err.includes(`error: ${mark}\n`);
          if (!complete && ended === undefined) return;
          clearTimeout(timer);
          look = () => undefined;
          const why = complete ? messagesIn(err) : ended;
          if (why === undefined || why === '') resolve(printedIn(out, mark));
          else reject(refusal(words, why));
        };
        child.stdin.write(`${words.map(word).join(' ')}\necho --err ${mark}\necho ${mark}\n`);
        look();
      });
    },
  };
}

/** What libvirt's client says where it has no connection, or has lost it: src/rpc/, tools/virsh.c. */
const NO_CONNECTION =
  /^(failed to (re)?connect to the hypervisor|cannot recv data|end of file while reading|client socket is closed)/im;

function refusal(words: readonly string[], reason: string | Error): PatchlabError {
  const isReached = typeof reason === 'string' && !NO_CONNECTION.test(reason);
  return new PatchlabError(isReached ? 'libvirt/failed' : 'libvirt/unreachable', {
    what: `\`virsh ${words.slice(0, 2).join(' ')}\` failed.`,
    why: typeof reason === 'string' ? reason : messageOf(reason),
    ...(typeof reason !== 'string' && { cause: reason }),
  });
}

/** A word of virsh's command language: inside single quotes everything stays as it is. */
const word = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Lines of its own: the mark, and that there is no place for its history. */
const OWN_LINES = /^error: (patchlab-end-|Failed to create '\/dev\/null)/;

const messagesIn = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => line !== '' && !OWN_LINES.test(line))
    .map((line) => line.replace(/^error: /, ''))
    .join('\n');

/** What a command printed: it stands between the echo of its own line and that of the next. */
const printedIn = (stdout: string, mark: string): string =>
  stdout.slice(stdout.indexOf('\n') + 1, stdout.indexOf(`virsh # echo --err ${mark}`)).trim();
