import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../errors.js';
import { defineCommand } from './define.js';

interface Options {
  readonly of: 'topology' | 'results';
  readonly path: boolean;
}

/** Where a JSON schema lies that comes with patchlab: beside `src` and `dist` alike. */
export const schemaFile = (of: Options['of']): string =>
  fileURLToPath(new URL(`../../docs/schema/${of}.json`, import.meta.url));

export const schema = defineCommand<Options>({
  needsRoot: false,
  options: {
    of: {
      type: 'string',
      choices: ['topology', 'results'],
      default: 'topology',
      describe: 'Of the topology file, or of what the commands print with --json',
    },
    path: {
      type: 'boolean',
      describe: 'Print the path of the file only, for the settings of an editor',
    },
  },
  examples: [
    ['$0 schema', 'the keys of a topology, for editors and validators'],
    ['$0 schema --path', 'where it is, for the settings of an editor'],
  ],
  async run({ of, path }, context) {
    const file = schemaFile(of);
    if (context.json && path) context.printJson({ version: 1, file });
    else if (path) context.print(file);
    else context.printLarge([await readFile(file, 'utf8')]);
    return EXIT.ok;
  },
});
