import { parseArgs } from 'node:util';
import type { CliCommand, Option } from './define.js';
import { UsageError } from './define.js';
import { unknownOption } from './find.js';
import { nameOf, type Entry } from './entry.js';

/** Options of every command. */
export const COMMON = {
  json: { type: 'boolean', describe: 'Machine-readable results' },
  help: { type: 'boolean', alias: 'h', describe: 'Show this help' },
} as const satisfies Readonly<Record<string, Option>>;

/** The option of commands that root, too, may run in namespaces of his own. */
const ROOTLESS = {
  rootless: {
    type: 'boolean',
    describe: 'Labs in namespaces of your own, which need no root; without root all labs are',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** All options of a command. */
export const optionsOf = ({
  options,
  needsRoot,
}: Omit<CliCommand<never>, 'run'>): Readonly<Record<string, Option>> => ({
  ...options,
  ...(needsRoot ? ROOTLESS : {}),
  ...COMMON,
});

/** A positional argument of a usage line. */
export interface Positional {
  readonly name: string;
  readonly needed: boolean;
  /** Takes all words that are left, options or not. */
  readonly rest: boolean;
  /** Takes any number of words, with options before, between and behind them. */
  readonly many: boolean;
}

/** The arguments that a usage line has: `<needed>`, `[optional]`, `[rest..]`, `[many...]`. */
export const positionalsOf = ({ usage }: Pick<Entry, 'usage'>): readonly Positional[] =>
  [...usage.matchAll(/([<[])([a-z-]+)(\.{2,3})?[>\]]/g)].map(([, bracket, name = '', dots]) => ({
    name,
    needed: bracket === '<',
    rest: dots === '..',
    many: dots === '...',
  }));

/** What was given, by name. A rest has the words behind `--` too, exactly as they were given. */
export type Arguments = Readonly<Record<string, unknown>>;

type Values = Record<string, unknown>;
type Tokens = NonNullable<ReturnType<typeof parseArgs>['tokens']>;

/**
 * Read the words behind a command's name. No word is changed: `0x10` stays `0x10`.
 * @throws UsageError that says what is wrong, and what may be meant
 */
export function parseWords(
  entry: Entry,
  command: Omit<CliCommand<never>, 'run'>,
  words: readonly string[],
): Arguments {
  const options = optionsOf(command);
  const wanted = positionalsOf(entry);
  const rest = wanted.find((one) => one.rest);
  const begin = rest ? restBegin(words, wanted.length - 1, options) : words.length;
  const own = words.slice(0, begin);
  const tail = words.slice(begin);
  const { tokens } = parseArgs({
    args: [...own],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, alias }]) => [
        name,
        { type: type === 'boolean' ? type : 'string', ...(alias && { short: alias }) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Values = defaultsOf(options);
  const given: string[] = [];
  for (const token of tokens as Tokens) {
    if (token.kind === 'positional') given.push(token.value);
    if (token.kind === 'option')
      readOption(entry, values, options, token.name, token.rawName, token.value);
  }
  if (values.help === true) return values;
  if (rest) {
    demandNoOwnFlags(entry, options, own, tail);
    values[rest.name] = tail[0] === '--' ? tail.slice(1) : tail;
  }
  const single = wanted.filter((one) => !one.rest && !one.many);
  for (const [index, { name, needed }] of single.entries()) {
    if (given[index] !== undefined) values[name] = given[index];
    else if (needed) throw missing(entry, command, name);
  }
  const many = wanted.find((one) => one.many);
  if (many) values[many.name] = given.slice(single.length);
  const [extra] = many ? [] : given.slice(single.length);
  if (extra !== undefined)
    throw new UsageError(
      `\`${extra}\` is one argument too many: the usage is \`patchlab ${entry.usage}\`.`,
    );
  return values;
}

const defaultsOf = (options: Readonly<Record<string, Option>>): Values =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, default: preset, many }]) => [
      name,
      many ? [] : type === 'boolean' ? false : preset,
    ]),
  );

/** Where the words of somebody else's command begin: at `--`, or behind the positional arguments before it. */
function restBegin(
  words: readonly string[],
  before: number,
  options: Readonly<Record<string, Option>>,
): number {
  let left = before;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return at;
    if (word.startsWith('-') && word !== '-') {
      const option = Object.entries(options).find(
        ([name, { alias }]) => word === `--${name}` || word === `-${alias}`,
      );
      if (option && option[1].type !== 'boolean') at += 1;
    } else if (left === 0) return at;
    else left -= 1;
  }
  return words.length;
}

/** A word that is an option here may be one of the other command too: which it is, only `--` says. */
function demandNoOwnFlags(
  entry: Entry,
  options: Readonly<Record<string, Option>>,
  own: readonly string[],
  tail: readonly string[],
): void {
  if (tail[0] === '--') return;
  const known = namesOf(options);
  const flag = tail.find((word) => known.includes(word.replace(/=.*$/s, '')));
  if (flag === undefined) return;
  const begin = `patchlab ${[nameOf(entry), ...own].join(' ')}`;
  throw new UsageError(
    `\`${flag}\` may be meant for \`patchlab ${nameOf(entry)}\` or for \`${tail[0] ?? ''}\`.\n` +
      `For \`${tail[0] ?? ''}\`, write \`${begin} -- ${tail.join(' ')}\`.`,
  );
}

const namesOf = (options: Readonly<Record<string, Option>>): readonly string[] =>
  Object.entries(options).flatMap(([name, { alias }]) => [
    `--${name}`,
    ...(alias === undefined ? [] : [`-${alias}`]),
  ]);

/** Put the value of one option to the others. */
function readOption(
  entry: Entry,
  values: Values,
  options: Readonly<Record<string, Option>>,
  name: string,
  raw: string,
  value: string | undefined,
): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) throw unknownOption(raw, namesOf(options), `patchlab ${nameOf(entry)} --help`);
  if (option.type === 'boolean') {
    if (value !== undefined)
      throw new UsageError(`\`${raw}\` takes no value: leave \`=${value}\` out.`);
    values[name] = true;
    return;
  }
  if (value === undefined || value === '' || namesOf(options).includes(value))
    throw new UsageError(`\`${raw}\` needs a value: ${option.describe}.`);
  if (option.choices && !option.choices.includes(value)) {
    const { choices } = option;
    throw new UsageError(`\`${raw} ${value}\` is none of ${choices.join(', ')}.`);
  }
  const read = option.type === 'number' ? Number(value) : value;
  if (Number.isNaN(read)) throw new UsageError(`\`${raw}\` takes a number, not \`${value}\`.`);
  values[name] = option.many ? [...(values[name] as unknown[]), read] : read;
}

function missing(
  entry: Entry,
  { examples = [], positionals }: Pick<CliCommand<never>, 'examples' | 'positionals'>,
  name: string,
): UsageError {
  const [example] = examples;
  const what = positionals?.[name]?.describe;
  return new UsageError(
    [
      `\`patchlab ${nameOf(entry)}\` needs <${name}>${what === undefined ? '' : `: ${what}`}.`,
      ...(example ? [`For example: ${example[0].replaceAll('$0', 'patchlab')}`] : []),
    ].join('\n'),
  );
}
