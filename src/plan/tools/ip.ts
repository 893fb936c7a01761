import { defineTool } from './define.js';

/** Fields of a line that `ip -batch` takes: its array of 100 pointers ends with a null (iproute2, lib/utils.c `makeargs`). */
const MAX_WORDS = 99;

/** ip-link(8), ip-netns(8) and the rest of iproute2; several commands as one `ip -batch`. */
export const ip = defineTool({
  name: 'ip',
  // Keeps the text below what one message to a guest's agent carries.
  max: 500,
  // The IP version is an option of ip(8) itself, so that no line of a batch can have it.
  group: ({ args }) =>
    args.length < MAX_WORDS && args.every((word) => batchWord(word) !== undefined)
      ? versionOf(args)
      : undefined,
  batch(commands, keepGoing) {
    const [only] = commands;
    if (only && commands.length === 1) return { argv: ['ip', ...only.args] };
    const version = versionOf(only?.args ?? []);
    const line = (args: readonly string[]): string => `${args.map(batchWord).join(' ')}\n`;
    const lines = commands.map(({ args }) => line(version === '' ? args : args.slice(1)));
    return {
      argv: [
        'ip',
        ...(version === '' ? [] : [version]),
        ...(keepGoing ? ['-force'] : []),
        '-batch',
        '-',
      ],
      input: lines.join(''),
    };
  },
  failed: (_, stderr) =>
    Array.from(stderr.matchAll(/^Command failed -:(\d+)$/gm), (match) => Number(match[1]) - 1),
});

/** The option that commands of one IP version begin with; nothing where there is none. */
const versionOf = ([first = '']: readonly string[]): string => (/^-[46]$/.test(first) ? first : '');

/**
 * One word of a batch line, or nothing where the format cannot hold it: `#` begins a comment even
 * inside quotes, a quote ends at the next one of its kind, and only a word's first character can be
 * a quote (iproute2, lib/utils.c `getcmdline` and `makeargs`).
 */
function batchWord(word: string): string | undefined {
  if (/^[^\s#'"\\]+$/.test(word)) return word;
  if (/[#\n]/.test(word)) return undefined;
  const quote = ['"', "'"].find((character) => !word.includes(character));
  return quote && quote + word + quote;
}
