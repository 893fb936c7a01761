import { down as remove } from '../apply/down.js';
import { readStored, storedNames } from '../apply/state.js';
import { listLabs } from '../apply/status.js';
import { EXIT } from '../errors.js';
import { closest } from '../topology/suggest.js';
import { UsageError, defineCommand } from './define.js';
import { seconds, showProgress, stagesOf } from './progress.js';
import { isFile, labNameOf } from './target.js';
import { formatTimings, startClock } from './timings.js';

export const down = defineCommand<{ lab?: string; all: boolean; timings: boolean }>({
  needsRoot: true,
  positionals: { lab: { describe: 'Name of the lab, or its topology file' } },
  options: {
    all: { type: 'boolean', describe: 'Every lab of this host' },
    timings: { type: 'boolean', describe: 'Show where the time went' },
  },
  examples: [
    ['$0 down lldp-direct', 'one lab'],
    ['$0 down --all', 'all of them'],
  ],
  async run({ lab, all, timings }, context) {
    if ((lab === undefined) === !all) throw new UsageError('Name a lab, or give --all.');
    const names = all ? (await listLabs()).map(({ name }) => name) : [await labNameOf(lab ?? '')];
    const results: object[] = [];
    for (const [index, name] of names.entries()) {
      const begin = performance.now();
      const clock = startClock(index === 0 ? 0 : begin);
      if (index === 0) clock.lap('start');
      const stored = await readStored(name);
      const stages = stored ? stagesOf(stored.plan, 'undo') : [];
      clock.lap('read what is stored');
      const progress = showProgress(context, 'remove', stages, clock);
      try {
        const { changed } = await remove(name, { onEvent: progress.onEvent, mustExist: false });
        await progress.finish(false);
        clock.lap('all else');
        const ms = performance.now() - begin;
        results.push({ lab: name, changed, ms, timings: clock.timings });
        if (context.json) continue;
        if (timings) context.print(formatTimings(clock.timings));
        if (changed) context.print(`${name} is down (${seconds(ms)}).`);
        else {
          context.print(`${name} was not up; nothing was changed.`);
          // A file says which lab is meant, so its absence is no slip of the pen.
          const meant = isFile(lab ?? '') ? undefined : closest(name, await storedNames());
          if (meant !== undefined) context.say(`Did you mean \`${meant}\`?`);
        }
      } catch (error) {
        await progress.finish(true);
        throw error;
      }
    }
    if (context.json) context.printJson({ version: 1, labs: results });
    else if (names.length === 0) context.print('No lab is up.');
    return EXIT.ok;
  },
});
