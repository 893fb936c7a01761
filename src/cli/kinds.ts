import { kindsHere } from '../apply/doctor/index.js';
import { EXIT } from '../errors.js';
import { formatKinds } from '../report/terminal/kinds.js';
import { defineCommand } from './define.js';
import { isRoot } from './root.js';

export const kinds = defineCommand({
  needsRoot: false,
  examples: [['$0 kinds', 'what a topology may write, and what this machine can build of it']],
  async run(_args, context) {
    const found = await kindsHere({ signal: context.signal, isRoot: isRoot() });
    if (context.json) context.printJson({ version: 1, kinds: found });
    else context.print(formatKinds(found));
    return EXIT.ok;
  },
});
