import { listLabs, readLabs } from '../apply/list.js';
import { EXIT } from '../errors.js';
import { changeJson } from '../report/terminal/changes.js';
import { formatStatus } from '../report/terminal/status.js';
import { shownLine } from '../shown.js';
import { defineCommand } from './define.js';
import { sizeOf } from './size.js';
import { storedOf } from './target.js';

export const list = defineCommand({
  needsRoot: true,
  examples: [['$0 list', 'what is up']],
  async run(_args, context) {
    const labs = await listLabs();
    if (context.json) context.printJson({ version: 1, labs });
    else if (labs.length === 0) context.print('No lab is up.');
    for (const { name, state, nodes, links, title, problem } of context.json ? [] : labs) {
      const size = nodes === null || links === null ? '' : sizeOf({ nodes, links });
      const what = shownLine(problem ?? `${size}  ${title ?? ''}`);
      context.print(`${shownLine(name).padEnd(24)} ${state.padEnd(9)} ${what}`.trimEnd());
    }
    return EXIT.ok;
  },
});

export const status = defineCommand<{ lab?: string }>({
  needsRoot: true,
  positionals: {
    lab: {
      describe: 'Name of the lab, or its topology file; all labs when left out',
      takes: 'lab',
    },
  },
  examples: [['$0 status lldp-direct', 'what of it is there, by its real names']],
  async run({ lab }, context) {
    const names =
      lab === undefined
        ? (await readLabs()).map((stored) => stored.lab.name)
        : [(await storedOf(lab)).lab.name];
    // What knows of all kinds is large, and of no use where nothing is up.
    const look = (await import('../apply/status.js')).status;
    const found = await Promise.all(names.map((name) => look(name)));
    const labs = found.map((one) => ({ ...one, drift: one.drift.map(changeJson) }));
    if (context.json)
      context.printJson(lab === undefined ? { version: 1, labs } : { version: 1, ...labs[0] });
    else if (found.length === 0) context.print('No lab is up.');
    else for (const one of found) context.print(formatStatus(one));
    return EXIT.ok;
  },
});
