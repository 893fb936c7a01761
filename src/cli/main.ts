import { setMaxListeners } from 'node:events';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT } from '../errors.js';
import { shown, shownJson } from '../shown.js';
import { UsageError, type CliCommand, type CommandGroup, type Context } from './define.js';
import { exitCodeOf, formatError, jsonError } from './errors.js';
import { commands } from './commands.js';
import { version } from './version.js';

/** Run the command line. Returns the exit code. */
export async function main(argv: readonly string[] = hideBin(process.argv)): Promise<number> {
  const json = argv.slice(0, indexOrEnd(argv, '--')).includes('--json');
  const abort = new AbortController();
  // Every program that runs listens to it; hundreds may run at once.
  setMaxListeners(0, abort.signal);
  const stop = (): void => {
    if (abort.signal.aborted) return;
    if (!json) process.stderr.write('\npatchlab: stopping, please wait\n');
    abort.abort(new Error('stopped by Ctrl-C'));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const context: Context = {
    signal: abort.signal,
    json,
    print: (line, styled) => process.stdout.write(`${shown(line, styled)}\n`),
    say(line) {
      if (!json) process.stderr.write(`${shown(line)}\n`);
    },
    printJson: (value) =>
      process.stdout.write(`${shownJson(JSON.stringify(value, undefined, 2))}\n`),
  };
  let exitCode: number = EXIT.ok;
  try {
    const parser = commands.reduce<Argv>(
      (at, command) => add(at, command, context, (code) => (exitCode = code)),
      base(argv),
    );
    await parser.parseAsync();
  } catch (error) {
    exitCode = exitCodeOf(error);
    if (json) context.printJson(jsonError(error));
    else process.stderr.write(`${shown(formatError(error))}\n`);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  return exitCode;
}

const indexOrEnd = (argv: readonly string[], word: string): number =>
  argv.includes(word) ? argv.indexOf(word) : argv.length;

function base(argv: readonly string[]): Argv {
  return yargs([...argv])
    .scriptName('patchlab')
    .usage(
      '$0 COMMAND\n\nLayer-2 labs from one file: built with libvirt, veth, macvtap and Open vSwitch, proved hop by hop.',
    )
    .option('json', {
      type: 'boolean',
      default: false,
      global: true,
      describe: 'Machine-readable results',
    })
    .parserConfiguration({ 'populate--': true, 'camel-case-expansion': false })
    .demandCommand(1, 'Name a command; `patchlab --help` lists them.')
    .recommendCommands()
    .strict()
    .version(version)
    .alias('help', 'h')
    .wrap(Math.min(100, process.stdout.columns || 100))
    .epilogue(
      'Exit codes: 0 all as expected, 1 a verdict failed, 2 the topology or the usage is wrong,\n3 could not find out, 4 the host lacks something needed.',
    )
    .exitProcess(false)
    .fail((message, error) => {
      throw (error as Error | undefined) ?? new UsageError(message);
    });
}

function add(
  parser: Argv,
  command: CliCommand<never> | CommandGroup,
  context: Context,
  done: (code: number) => void,
): Argv {
  if ('commands' in command) {
    const { commands: inner, describe } = command;
    return parser.command(command.command, describe, (builder) =>
      inner.reduce<Argv>(
        (at, one) => add(at, one, context, done),
        builder.demandCommand(
          1,
          `Name one of its commands: \`patchlab ${command.command} --help\`.`,
        ),
      ),
    );
  }
  return parser.command(
    command.command,
    command.describe,
    (builder) => {
      for (const [name, settings] of Object.entries(command.positionals ?? {}))
        builder.positional(name, { type: 'string', ...settings });
      builder.options({ ...command.options });
      for (const [line, meaning] of command.examples ?? []) builder.example(line, meaning);
      return builder;
    },
    async (args) => done(await command.run(args as never, context)),
  );
}
