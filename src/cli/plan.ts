import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../errors.js';
import { choicesOf } from '../plan/choices.js';
import { renderScripts } from '../plan/render-sh.js';
import { defineCommand } from './define.js';
import { planFile } from './target.js';

export const plan = defineCommand<{ file: string; format: 'sh' | 'json'; out?: string }>({
  command: 'plan <file>',
  describe: 'Show what would be done: a shell script, and the domains as XML. Touches nothing',
  positionals: { file: { describe: 'Topology, YAML or TypeScript' } },
  options: {
    format: { choices: ['sh', 'json'], default: 'sh', describe: 'Script to read and run, or data' },
    out: { type: 'string', describe: 'Write plan.sh, teardown.sh and NODE.xml into this folder' },
  },
  examples: [
    ['$0 plan topologies/lldp-direct.yaml', 'read what `up` would do'],
    ['$0 plan lab.yaml --out /tmp/lab && sh /tmp/lab/plan.sh', 'build it by hand'],
  ],
  async run({ file, format, out }, context) {
    const { lab, plan: planned, warnings } = await planFile(file, context, false);
    const scripts = renderScripts(lab, planned);
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      for (const [name, text] of Object.entries(scripts))
        await writeFile(join(out, name), text, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
      context.say(`wrote ${Object.keys(scripts).join(', ')} to ${out}`);
    }
    if (context.json || format === 'json')
      context.printJson({ version: 1, ...planned, choices: choicesOf(lab), warnings });
    else if (out === undefined) context.print((scripts['plan.sh'] ?? '').trimEnd());
    return EXIT.ok;
  },
});
