import { setTimeout as sleep } from 'node:timers/promises';
import { setMaxListeners } from 'node:events';
import { EXIT, PatchlabError } from '../errors.js';
import { shown, shownJson } from '../shown.js';
import { chunksOf } from './chunks.js';
import { commands } from './commands.js';
import type { Context } from './define.js';
import { findCommand } from './find.js';
import { jsonPieces } from './json.js';
import { openOutput, type Output } from './output.js';
import { parseWords } from './parse.js';
import { demandOfMachine } from '../apply/rootless/one-owner.js';
import { isHeld } from '../apply/rootless/folders.js';
import { isPermission, isRoot, notRoot } from './root.js';
import { exitCodeOf, formatError, jsonError } from './show-error.js';

/** Signals that end what is being done, and undo it. */
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds by which a signal to all processes of a terminal may reach this one later than others. */
const HEARD_LATE = 20;

/** Run the command line. Returns the exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<number> {
  const end = argv.indexOf('--');
  const json = argv.slice(0, end < 0 ? argv.length : end).includes('--json');
  const abort = new AbortController();
  // Every program that runs listens to it; hundreds may run at once.
  setMaxListeners(0, abort.signal);
  const output = openOutput((why) => abort.abort(new Error(why)));
  let taken: ((signal: NodeJS.Signals) => void) | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    taken?.(signal);
    if (taken || abort.signal.aborted) return;
    if (!json) output.write('err', '\npatchlab: stopping, please wait\n');
    abort.abort(new Error(`It was stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}.`));
  };
  const heard = new Set<NodeJS.Signals>();
  const hear = (signals: readonly NodeJS.Signals[]): void => {
    for (const signal of signals.filter((one) => !heard.has(one))) process.on(signal, stop);
    for (const signal of signals) heard.add(signal);
  };
  hear(STOPS);
  const context: Context = {
    ...contextFor(abort.signal, json, output),
    takeSignals(signals, handler) {
      taken = handler;
      hear(signals);
    },
  };
  let exitCode: number;
  try {
    exitCode = await run(argv, context);
    if (output.failure) throw output.failure;
  } catch (caught) {
    // A program that the terminal's Ctrl-C ended may tell of it before this process hears of it.
    await sleep(codeOf(caught) === 'command/failed' ? HEARD_LATE : 0);
    const error = why(caught, abort.signal, argv);
    exitCode = exitCodeOf(error);
    // Who has stopped reading wants to hear no more, unless something was taken down for it.
    if (output.gone && codeOf(error) === 'command/interrupted') return exitCode;
    if (json) context.printJson(jsonError(error));
    else output.write('err', `${shown(formatError(error, context.columns))}\n`);
  } finally {
    for (const signal of heard) process.off(signal, stop);
  }
  return exitCode;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

const contextFor = (signal: AbortSignal, json: boolean, output: Output) => ({
  signal,
  json,
  columns: output.columns,
  write: (stream: 'out' | 'err', bytes: Uint8Array) => output.write(stream, bytes),
  print: (line: string, styled?: boolean) => output.write('out', `${shown(line, styled)}\n`),
  say(line: string) {
    if (!json) output.write('err', `${shown(line)}\n`);
  },
  printJson: (value: unknown) =>
    output.write('out', `${shownJson(JSON.stringify(value, undefined, 2))}\n`),
  printLarge(pieces: Iterable<string>) {
    for (const chunk of chunksOf(pieces)) output.write('out', shown(chunk));
  },
  printLargeJson(value: object) {
    for (const chunk of chunksOf(jsonPieces(value))) output.write('out', shownJson(chunk));
  },
});

async function run(argv: readonly string[], context: Context): Promise<number> {
  const found = findCommand(argv, commands);
  if (found.ask === 'version') {
    context.print((await import('../report/version.js')).version);
    return EXIT.ok;
  }
  if (found.ask === 'help') {
    context.print((await import('./help.js')).overview(found.entries, context.columns));
    return EXIT.ok;
  }
  const { entry, words } = found;
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  // What follows needs neither the file of the command nor what its words mean.
  if (!entry.asIs && !asksForHelp(own) && isForHolder(own.includes('--rootless')))
    return (await import('./rootless.js')).runHeld(context);
  const command = await entry.load();
  const values = parseWords(entry, command, words);
  if (values.help === true) {
    context.print((await import('./help.js')).helpOf(entry, command, context.columns));
    return EXIT.ok;
  }
  if (!entry.asIs && isForHolder(values.rootless === true))
    return (await import('./rootless.js')).runHeld(context);
  if (command.needsRoot && !isHeld()) demandOfMachine();
  return command.run(values as never, context);
}

/** Is a command to run in namespaces of its user? There its words are read, and its file is loaded. */
const isForHolder = (asked: boolean): boolean => !isHeld() && (asked || !isRoot());

/** May words ask for help, if they are not those of a program that is to be run? */
const asksForHelp = (words: readonly string[]): boolean =>
  words.includes('--help') || words.includes('-h');

/** What an error really comes from: Ctrl-C, a reader that went away, or a user who is not root. */
function why(error: unknown, { aborted, reason }: AbortSignal, argv: readonly string[]): unknown {
  // What was being built has said what became of it.
  const told = error instanceof PatchlabError && /^(apply|output)\//.test(error.code);
  if (aborted && !told) {
    const { message } = reason as Error;
    return new PatchlabError('command/interrupted', { what: message, cause: error });
  }
  if (!isRoot() && isPermission(error))
    return notRoot(argv.find((word) => !word.startsWith('-')) ?? '', argv, error);
  return error;
}
