import type { YAMLError } from 'yaml';
import type { Problem } from '../problem.js';

/** A problem with the text range where it stands. */
export interface Ranged {
  readonly problem: Problem;
  readonly range: readonly [start: number, end: number];
}

/** What the library's message is about, in words that say what to do; the first that fits. */
const words: readonly {
  readonly of: RegExp;
  readonly what?: string;
  readonly fix: string;
}[] = [
  {
    of: /^TAB_AS_INDENT/,
    what: 'A tab stands where the line is indented.',
    fix: 'indent with spaces: YAML takes no tabs there',
  },
  {
    of: /^BAD_SCALAR_START .*(?<sign>\S)$/,
    what: 'A value cannot begin with this character.',
    fix: "put the value into quotes, as in `'...'`",
  },
  {
    of: /^BLOCK_AS_IMPLICIT_KEY/,
    what: 'A second `key:` stands in the same line.',
    fix: 'begin a line for it, write `{ key: value }`, or put a text with a colon into quotes',
  },
  {
    of: /^MISSING_CHAR .*quote/,
    what: 'A quote is opened here or before and never closed.',
    fix: 'close it',
  },
  {
    of: /^MISSING_CHAR Implicit map keys/,
    what: 'This is no `key: value`, among others that are.',
    fix: 'write a colon and a space after the key; look at how far the line is indented, too',
  },
  {
    of: /^MULTILINE_IMPLICIT_KEY/,
    what: 'This line is no `key: value`.',
    fix: 'write a colon and a space after the key',
  },
  {
    of: /(?:must end with a|and end with a) \]/,
    what: 'A list `[` is opened before and not closed.',
    fix: 'close it with `]`, or indent what belongs to it',
  },
  {
    of: /(?:must end with a|and end with a) \}/,
    what: 'A mapping `{` is opened before and not closed.',
    fix: 'close it with `}`, or indent what belongs to it',
  },
  {
    of: /^BAD_INDENT All mapping items/,
    what: 'This key is indented in another way than those beside it.',
    fix: 'let all keys of a mapping begin in the same column',
  },
  {
    of: /^BAD_INDENT All sequence items/,
    what: 'This item is indented in another way than those beside it.',
    fix: 'let all items of a list begin in the same column',
  },
  {
    of: /Unexpected block-seq-ind/,
    what: 'A list begins in the line of its key.',
    fix: 'begin the list in the next line, or write it as `[a, b]`',
  },
  {
    of: /^UNEXPECTED_TOKEN/,
    fix: 'look for a quote, comma, bracket or indent that is missing or too many just before',
  },
];

/** A syntax error of the library. */
export function syntaxProblem({ code, message, pos }: YAMLError): Ranged {
  const known = words.find(({ of }) => of.test(`${code} ${message}`));
  return {
    range: pos,
    problem: {
      code: 'topology/syntax',
      path: [],
      what: known?.what ?? `This is not valid YAML: ${message}.`,
      ...(known && { fix: known.fix }),
    },
  };
}

/** A second document in the file. */
export const secondDocument = (start: number): Ranged => ({
  range: [start, start + 3],
  problem: {
    code: 'topology/syntax',
    path: [],
    what: 'A second document begins here; a file holds one topology.',
    fix: 'remove the `---`, or put what follows it into a file of its own',
  },
});

/** Lists and mappings that lie too deep in one another. */
export const tooDeep = (start: number): Ranged => ({
  range: [start, start + 1],
  problem: {
    code: 'topology/too-large',
    path: [],
    what: 'Lists and mappings lie too deep in one another here.',
    fix: 'close the brackets, or look at how far the lines are indented',
  },
});
