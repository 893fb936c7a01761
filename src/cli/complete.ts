import { nameOf, type Entry } from './entry.js';
import { namesOf } from './complete-names.js';
import type { Option, Takes } from './define.js';
import { EARLY } from './find.js';
import { optionsOf, positionalsOf } from './parse.js';

/** A word that may come next. */
interface Candidate {
  readonly word: string;
  readonly describe?: string;
}

/** What may come next, and whether files may, too. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly files: boolean;
}

const NOTHING: Completion = { candidates: [], files: false };
const FILES: Completion = { candidates: [], files: true };

/** What may stand in the place of the last word. @param words - all behind `patchlab`, of which the last has only begun */
export async function complete(
  words: readonly string[],
  entries: readonly Entry[],
): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const { candidates, files } = await anyOf(words.slice(0, -1), current, entries);
  return { candidates: candidates.filter(({ word }) => word.startsWith(current)), files };
}

async function anyOf(
  all: readonly string[],
  current: string,
  entries: readonly Entry[],
): Promise<Completion> {
  const early = all.findIndex((word) => !EARLY.has(word));
  const before = early < 0 ? [] : all.slice(early);
  const entry = [2, 1].flatMap((count) => {
    const name = before.slice(0, count).join(' ');
    return entries.filter((one) => nameOf(one) === name && before.length >= count);
  })[0];
  if (!entry) return commandsAfter(before, current, entries);
  const command = await entry.load();
  const options = optionsOf(command);
  const given = before.slice(nameOf(entry).split(' ').length);
  const { words, open, ended } = read(given, options);
  const meant = { rootless: given.includes('--rootless'), lab: valueOf('--lab', given) };
  if (open) return offers(open.takes ?? open.choices, meant);
  if (!ended && current.startsWith('-')) return optionWords(options, given);
  const positionals = positionalsOf(entry);
  const at = positionals[words.length] ?? positionals.findLast(({ many, rest }) => many || rest);
  if (!at) return NOTHING;
  if (at.rest) return FILES;
  const takes = command.positionals?.[at.name]?.takes;
  const [first] = positionals;
  const lab = first?.name === 'lab' && at !== first ? words[0] : meant.lab;
  return offers(takes, { ...meant, lab });
}

/** The next word of commands. */
function commandsAfter(
  before: readonly string[],
  current: string,
  entries: readonly Entry[],
): Completion {
  if (before.length === 0 && current.startsWith('-'))
    return { candidates: [...EARLY].map((word) => ({ word })), files: false };
  const next = entries.flatMap((entry) => {
    const words = nameOf(entry).split(' ');
    const word = words[before.length];
    if (word === undefined || before.some((one, at) => words[at] !== one)) return [];
    return [{ word, ...(words.length === before.length + 1 && { describe: entry.describe }) }];
  });
  return { candidates: [...new Map(next.map((one) => [one.word, one])).values()], files: false };
}

/** What words before the last one are: arguments, and an option that still has no value. */
function read(given: readonly string[], options: Readonly<Record<string, Option>>) {
  const words: string[] = [];
  let open: Option | undefined;
  let ended = false;
  for (const word of given) {
    if (open) open = undefined;
    else if (ended || word === '-' || !word.startsWith('-')) words.push(word);
    else if (word === '--') ended = true;
    else open = takingValue(word, options);
  }
  return { words, open, ended };
}

const takingValue = (word: string, options: Readonly<Record<string, Option>>) =>
  Object.entries(options).find(
    ([name, { type, alias }]) =>
      type !== 'boolean' && (word === `--${name}` || word === `-${alias ?? ''}`),
  )?.[1];

const valueOf = (option: string, given: readonly string[]): string | undefined =>
  given.includes(option) ? given[given.indexOf(option) + 1] : undefined;

/** Options that are not given yet, or may be given again. */
const optionWords = (
  options: Readonly<Record<string, Option>>,
  given: readonly string[],
): Completion => ({
  candidates: Object.entries(options)
    .map(([name, { describe, many }]) => ({ word: `--${name}`, describe, many }))
    .filter(({ word, many }) => many === true || !given.includes(word)),
  files: false,
});

async function offers(
  takes: Takes | undefined,
  meant: Parameters<typeof namesOf>[1],
): Promise<Completion> {
  if (takes === undefined) return FILES;
  const isList = typeof takes !== 'string';
  const words = isList ? takes : await namesOf(takes, meant);
  return {
    candidates: words.map((word) => ({ word })),
    files: takes === 'topology' || takes === 'lab',
  };
}
