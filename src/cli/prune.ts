import { createInterface } from 'node:readline/promises';
import { EXIT } from '../errors.js';
import { findLeftovers, type Leftovers } from '../leftovers/index.js';
import { defineCommand, UsageError, type Context } from './define.js';
import { isTerminal } from './output.js';

interface Arguments {
  readonly yes: boolean;
  readonly 'dry-run': boolean;
}

export const prune = defineCommand<Arguments>({
  needsRoot: true,
  options: {
    yes: { type: 'boolean', alias: 'y', describe: 'Remove what is found, and do not ask' },
    'dry-run': { type: 'boolean', describe: 'Only list it' },
  },
  examples: [
    ['$0 prune --dry-run', 'list what is left over'],
    ['$0 prune --yes', 'remove it, and do not ask'],
    ['$0 prune --dry-run --json', 'what another program would ask about'],
  ],
  async run({ yes, 'dry-run': dryRun }, context) {
    const canAsk = !context.json && process.stdin.isTTY && isTerminal('err');
    if (!yes && !dryRun && !canAsk)
      throw new UsageError('Nobody can be asked here: give --yes, or --dry-run to look only.');
    const leftovers = await findLeftovers();
    for (const { what, name, why } of context.json ? [] : leftovers.all)
      context.print(`${what} ${name}\n  ${why}`);
    const removes =
      leftovers.all.length > 0 && !dryRun && (yes || (await isWanted(leftovers, context)));
    if (removes) await leftovers.remove();
    if (context.json) context.printJson({ version: 1, leftovers: leftovers.all, removed: removes });
    else context.print(summary(leftovers, removes));
    return EXIT.ok;
  },
});

async function isWanted({ all }: Leftovers, { signal }: Context): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question(`Remove ${counted(all.length)}? [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

const counted = (count: number): string => (count === 1 ? 'this' : `these ${count}`);

const summary = ({ all }: Leftovers, removed: boolean): string => {
  if (all.length === 0) return 'Patchlab has left nothing here.';
  return removed ? 'All of it is removed.' : 'Nothing was removed.';
};
