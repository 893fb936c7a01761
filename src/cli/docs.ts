import { errorTable, EXIT, type ErrorCode } from '../errors.js';
import { proseWidth, wrapText } from '../report/terminal/text.js';
import { didYouMean } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';

interface Options {
  readonly code?: string;
}

/** An error as it is told, and as JSON has it. */
interface Explained {
  readonly code: ErrorCode;
  readonly exit: number;
  readonly meaning: string;
  readonly remedy: string;
}

const codes = Object.keys(errorTable) as readonly ErrorCode[];

export const docs = defineCommand<Options>({
  needsRoot: false,
  positionals: {
    code: {
      describe:
        'Code of an error, as messages have it in brackets, or its area: `topology/loop`, `loop`, `topology`; all without',
      takes: codes,
    },
  },
  examples: [
    ['$0 docs topology/loop', 'what it means, and what to do'],
    ['$0 docs host', 'all that a host may lack'],
  ],
  run({ code }, context) {
    const found = explained(code);
    if (context.json) context.printJson({ version: 1, errors: found });
    else {
      const width = proseWidth(context.columns);
      context.print(found.map((one) => format(one, width)).join('\n\n'));
    }
    return Promise.resolve(EXIT.ok);
  },
});

/** The errors that are asked for: by code, by its last word, or by area. @throws UsageError where there is none */
function explained(asked: string | undefined): readonly Explained[] {
  const word = asked?.replace(/^\[|\]$/g, '');
  const [area, last] = [`${word ?? ''}/`, `/${word ?? ''}`];
  const found = codes.filter(
    (code) => word === undefined || code === word || code.startsWith(area) || code.endsWith(last),
  );
  if (word !== undefined && found.length === 0)
    throw new UsageError(`No error has the code \`${word}\`: ${didYouMean(word, codes)}`);
  return found.map((code) => ({ code, ...errorTable[code] }));
}

const format = ({ code, exit, meaning, remedy }: Explained, width: number): string =>
  [
    `${code} (exit code ${exit})`,
    wrapText('  ', meaning, width),
    wrapText('  fix: ', remedy, width),
  ].join('\n');
