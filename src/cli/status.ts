import { listLabs, readLabs, status as look } from '../apply/status.js';
import { EXIT } from '../errors.js';
import { formatStatus } from '../report/status.js';
import { shownLine } from '../shown.js';
import { defineCommand } from './define.js';
import { sizeOf } from './size.js';

export const list = defineCommand({
  command: 'list',
  describe: 'The labs of this host',
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
  command: 'status [lab]',
  describe: 'What of a lab is really there, with the names that things have on the host',
  positionals: { lab: { describe: 'Name of the lab; all labs when left out' } },
  async run({ lab }, context) {
    const names = lab === undefined ? (await readLabs()).map((stored) => stored.lab.name) : [lab];
    const found = await Promise.all(names.map((name) => look(name)));
    if (context.json)
      context.printJson(
        lab === undefined ? { version: 1, labs: found } : { version: 1, ...found[0] },
      );
    else if (found.length === 0) context.print('No lab is up.');
    else for (const one of found) context.print(formatStatus(one));
    return EXIT.ok;
  },
});
