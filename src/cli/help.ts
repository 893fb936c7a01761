import { wrapText } from '../report/terminal/text.js';
import type { Entry } from './entry.js';
import type { CliCommand, Option } from './define.js';
import { COMMON, optionsOf, positionalsOf } from './parse.js';

/** The texts of `--help`, as wide as the terminal, and at most this wide. */
const WIDEST = 100;
/** Columns for a name; what is longer has a line of its own. */
const NAMES = 26;

/** What patchlab is, in a sentence. */
export const SUBJECT =
  'Layer-2 labs from one file: built with libvirt, veth, macvtap and Open vSwitch, proved hop by hop.';
/** What its exit codes mean, in a sentence. */
export const EXIT_CODES =
  'Exit codes: 0 all as expected, 1 a verdict failed, 2 the topology or the usage is wrong, 3 could not find out, 4 the host lacks something needed.';

type Row = readonly [name: string, text: string];

/** A title and two columns, the second one wrapped. */
function table(title: string, rows: readonly Row[], width: number): readonly string[] {
  if (rows.length === 0) return [];
  const names = Math.min(NAMES, Math.max(...rows.map(([name]) => name.length)));
  const lines = rows.flatMap(([name, text]) => {
    if (text === '') return [`  ${name}`];
    if (name.length <= names) return [wrapText(`  ${name.padEnd(names)}  `, text, width)];
    return [`  ${name}`, wrapText(' '.repeat(names + 4), text, width)];
  });
  return ['', title, ...lines];
}

/** The list of commands. */
export function overview(entries: readonly Entry[], columns: number | undefined): string {
  const width = Math.min(WIDEST, columns ?? WIDEST);
  return [
    'patchlab COMMAND',
    '',
    wrapText('', SUBJECT, width),
    ...table(
      'Commands:',
      entries.map(({ usage, describe }) => [usage, describe]),
      width,
    ),
    ...table('Options:', [...rowsOf(COMMON), ['--version', 'Show the version']], width),
    '',
    wrapText('', '`patchlab COMMAND --help` tells of one command, with examples.', width),
    '',
    wrapText('', EXIT_CODES, width),
  ].join('\n');
}

/** All about one command. */
export function helpOf(
  entry: Entry,
  command: Omit<CliCommand<never>, 'run'>,
  columns: number | undefined,
): string {
  const width = Math.min(WIDEST, columns ?? WIDEST);
  const { positionals = {}, examples = [] } = command;
  return [
    `patchlab ${entry.usage}`,
    '',
    wrapText('', `${entry.describe}.`, width),
    ...table(
      'Arguments:',
      positionalsOf(entry).map(({ name }) => [name, positionals[name]?.describe ?? '']),
      width,
    ),
    ...table('Options:', rowsOf(optionsOf(command)), width),
    ...exampleLines(examples, width),
  ].join('\n');
}

/** Options as the help names them, and what each is. */
export const rowsOf = (options: Readonly<Record<string, Option>>): readonly Row[] =>
  Object.entries(options).map(([name, { type, alias, describe, choices, default: preset }]) => {
    const value = type === 'boolean' ? '' : ` ${type === 'number' ? 'N' : 'VALUE'}`;
    const notes = [
      ...(choices ? [`one of ${choices.join(', ')}`] : []),
      ...(preset === undefined ? [] : [`default: ${preset}`]),
    ];
    const text = notes.length === 0 ? describe : `${describe} (${notes.join('; ')})`;
    return [`${alias === undefined ? '    ' : `-${alias}, `}--${name}${value}`, text];
  });

/** Commands can be copied, so they are never broken. */
const exampleLines = (examples: readonly Row[], width: number): readonly string[] =>
  examples.length === 0
    ? []
    : [
        '',
        'Examples:',
        ...examples.flatMap(([line, meaning]) => [
          `  ${line.replaceAll('$0', 'patchlab')}`,
          ...(meaning === '' ? [] : [wrapText('      ', meaning, width)]),
        ]),
      ];
