import { down as remove } from '../apply/down.js';
import { readMarks } from '../apply/marks.js';
import { readParts } from '../apply/read-stored.js';
import { sweepLocks } from '../apply/stale-locks.js';
import { isLabName, storedNames } from '../apply/state.js';
import { withHosts } from '../apply/session.js';
import { listLabs } from '../apply/list.js';
import { firstOf } from '../apply/teardown-error.js';
import { EXIT } from '../errors.js';
import { closest } from '../topology/suggest.js';
import { UsageError, defineCommand, type Context } from './define.js';
import { isWatched, seconds, showProgress, stagesOf } from './progress.js';
import { isFile } from '../topology/load-labs.js';
import { labNameOf } from './target.js';
import { formatTimings, startClock } from './timings.js';

export const down = defineCommand<{ lab?: string; all: boolean; timings: boolean }>({
  needsRoot: true,
  positionals: { lab: { describe: 'Name of the lab, or its topology file', takes: 'lab' } },
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
    const names = all ? await everyName(context) : [await labNameOf(lab ?? '')];
    const results: object[] = [];
    const errors: unknown[] = [];
    for (const [index, name] of names.entries()) {
      const begin = performance.now();
      const clock = startClock(index === 0 ? 0 : begin);
      if (index === 0) clock.lap('start');
      const { plan } =
        isLabName(name) && isWatched(context) ? await readParts(name) : { plan: undefined };
      const stages = () => (plan ? stagesOf(plan, 'undo') : []);
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
        // What is wrong with one lab keeps none of the others up.
        errors.push(error);
      }
    }
    if (errors.length > 0) throw firstOf(errors);
    if (context.json) context.printJson({ version: 1, labs: results });
    else if (names.length === 0) context.print('No lab is up.');
    return EXIT.ok;
  },
});
/** Every lab that is stored, or whose marks are on this host. What is none is named. */
async function everyName(context: Context): Promise<readonly string[]> {
  await sweepLocks();
  const labs = await listLabs();
  for (const { name, problem } of labs)
    if (!isLabName(name)) context.say(problem ?? `${name} is no lab.`);
  const marked = await withHosts({ domains: [] }, ({ libvirt }) => readMarks(libvirt));
  const names = [...labs.map(({ name }) => name), ...marked.found.map((one) => one.lab)];
  return [...new Set(names.filter(isLabName))].sort();
}
