import { EXIT } from '../errors.js';
import { wrapText, proseWidth } from '../report/terminal/text.js';
import { loadShippedLabs } from '../topology/load.js';
import { defineCommand } from './define.js';

export const labs = defineCommand({
  needsRoot: false,
  examples: [['$0 labs', 'labs to start from, of which each shows one thing']],
  async run(_args, context) {
    const shipped = await loadShippedLabs();
    if (context.json)
      context.printJson({
        version: 1,
        labs: shipped.map(({ name, theme, file, title = '', about = null }) => ({
          ...{ name, theme: theme.folder, title, about, file },
        })),
      });
    else context.print(format(shipped, proseWidth(context.columns)));
    return EXIT.ok;
  },
});

/** A heading for each theme, a line for each lab. */
function format(shipped: Awaited<ReturnType<typeof loadShippedLabs>>, width: number): string {
  const names = Math.max(...shipped.map(({ name }) => name.length));
  const lines = shipped.flatMap(({ name, theme, title = '' }, index) => [
    ...(shipped[index - 1]?.theme === theme ? [] : [...(index === 0 ? [] : ['']), theme.title]),
    wrapText(`  ${name.padEnd(names)}  `, title, width),
  ]);
  const next =
    '`patchlab up NAME` builds one, `patchlab verify NAME` proves it; `predict`, `plan` and `graph` take a name too.';
  return [...lines, '', wrapText('', next, width)].join('\n');
}
