import { EXIT } from '../errors.js';
import { shownLine } from '../shown.js';
import { commands } from './commands.js';
import { complete } from './complete.js';
import { scripts } from './completion-scripts.js';
import { defineCommand, UsageError } from './define.js';

interface Options {
  readonly shell: string;
  readonly words: readonly string[];
}

const SHELLS = Object.keys(scripts);

export const completion = defineCommand<Options>({
  needsRoot: false,
  positionals: {
    shell: { describe: SHELLS.join(', '), takes: SHELLS },
    words: {
      describe:
        'What was typed behind `patchlab`, to print what may come next, as the script asks; for bash the whole line up to the cursor',
    },
  },
  examples: [
    ['$0 completion bash', 'in ~/.bashrc: `source <(patchlab completion bash)`'],
    ['$0 completion zsh', 'as a file `_patchlab` in a folder of $fpath'],
    ['$0 completion fish', 'as ~/.config/fish/completions/patchlab.fish'],
    ['$0 completion zsh -- up lldp', 'what may come next, as the scripts ask'],
  ],
  async run({ shell, words: given }, context) {
    const script = Object.hasOwn(scripts, shell)
      ? scripts[shell as keyof typeof scripts]
      : undefined;
    if (script === undefined) throw new UsageError(`\`${shell}\` is none of ${SHELLS.join(', ')}.`);
    if (given.length === 0) {
      if (context.json) context.printJson({ version: 1, shell, script });
      else context.printLarge([script]);
      return EXIT.ok;
    }
    const words = shell === 'bash' ? wordsOf(given.join(' ')).slice(1) : given;
    const { candidates, files } = await complete(words, commands);
    if (context.json) context.printJson({ version: 1, shell, candidates, files });
    else
      for (const { word, describe } of candidates)
        context.print(
          [word, ...(describe === undefined ? [] : [describe])].map(shownLine).join('\t'),
        );
    if (files && !context.json) context.print(':files');
    return EXIT.ok;
  },
});

/** The words of a line as a shell parts them, the last of which may be empty. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
    else if (sign === '\\' && quote !== "'") word += line.charAt((at += 1));
    else if (quote !== '' || !/\s/.test(sign)) word += sign;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  return [...words, word];
}
