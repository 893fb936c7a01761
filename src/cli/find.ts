import { closest } from '../topology/suggest.js';
import { nameOf, type Entry } from './entry.js';
import { UsageError } from './define.js';

/** What the words of the command line ask for, before the command's own file is read. */
export type Found =
  | { readonly ask: 'version' }
  /** The list of all commands, or of those behind one word. */
  | { readonly ask: 'help'; readonly entries: readonly Entry[] }
  | { readonly ask: 'command'; readonly entry: Entry; readonly words: readonly string[] };

/** Options that may stand before the command. */
export const EARLY: ReadonlySet<string> = new Set(['--json', '--help', '-h', '--version']);

/**
 * Find the command that is asked for.
 * @throws UsageError where there is none of that name, with the one that may be meant
 */
export function findCommand(words: readonly string[], entries: readonly Entry[]): Found {
  const first = words.findIndex((word) => !EARLY.has(word));
  const early = first < 0 ? words : words.slice(0, first);
  const rest = first < 0 ? [] : words.slice(first);
  const [one = '', two = ''] = rest;
  const of = (name: string) => entries.find((entry) => nameOf(entry) === name);
  const double = of(`${one} ${two}`);
  const entry = double ?? of(one);
  if (entry) return { ask: 'command', entry, words: [...early, ...rest.slice(double ? 2 : 1)] };
  if (early.includes('--version')) return { ask: 'version' };
  const help = [...early, ...rest].some((word) => word === '--help' || word === '-h');
  if (rest.length === 0) {
    if (help) return { ask: 'help', entries };
    throw new UsageError('Name a command; `patchlab --help` lists them.');
  }
  const group = entries.filter((candidate) => nameOf(candidate).startsWith(`${one} `));
  if (group.length > 0 && (two === '' || two.startsWith('-'))) {
    if (help) return { ask: 'help', entries: group };
    const names = group.map((member) => `\`patchlab ${nameOf(member)}\``);
    throw new UsageError(`\`${one}\` needs one more word: ${names.join(', ')}.`);
  }
  throw unknownCommand(group.length > 0 ? `${one} ${two}` : one, entries);
}

function unknownCommand(word: string, entries: readonly Entry[]): UsageError {
  if (word.startsWith('-')) return unknownOption(word, ['--json', '--help', '--version']);
  const meant =
    entries.find(({ also }) => also?.includes(word.toLowerCase())) ??
    entries.find((entry) => nameOf(entry) === closest(word, entries.map(nameOf)));
  const hint =
    meant === undefined
      ? '`patchlab --help` lists the commands.'
      : `Did you mean \`patchlab ${nameOf(meant)}\`?`;
  return new UsageError(`There is no command \`${word}\`. ${hint}`);
}

/** The error for an option that does not exist, with the one that may be meant. */
export function unknownOption(
  word: string,
  known: readonly string[],
  help = 'patchlab --help',
): UsageError {
  const guess = closest(word.replace(/=.*$/s, ''), known);
  const hint =
    guess === undefined
      ? `There are ${known.filter((name) => name.startsWith('--')).join(', ')}; \`${help}\` tells more.`
      : `Did you mean \`${guess}\`?`;
  return new UsageError(`There is no option \`${word}\`. ${hint}`);
}
