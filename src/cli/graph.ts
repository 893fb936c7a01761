import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT } from '../errors.js';
import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { loadTopology } from '../topology/load.js';
import { defineCommand } from './define.js';

export const graph = defineCommand<{ file: string; format: 'svg' | 'mermaid'; out?: string }>({
  command: 'graph <file>',
  describe: 'Draw a topology with every device that its frames cross. Touches nothing',
  positionals: { file: { describe: 'Topology, YAML or TypeScript' } },
  options: {
    format: {
      choices: ['svg', 'mermaid'],
      default: 'svg',
      describe: 'A picture for browsers, or a Mermaid flowchart for Markdown',
    },
    out: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'Write it into this file instead of standard output',
    },
  },
  examples: [['$0 graph topologies/ovs-patch-panel.yaml -o panel.svg', '']],
  async run({ file, format, out }, context) {
    const { lab } = await loadTopology(file);
    const drawn = { lab, graph: wire(lab, ANY_FACTS).graph, cases: [] };
    // The layout is a large library: it is loaded here, and not with every command.
    const [{ drawSvg }, { formatMermaid }] = await Promise.all([
      import('../report/draw/svg.js'),
      import('../report/mermaid.js'),
    ]);
    const text = format === 'svg' ? (await drawSvg(drawn)).text : formatMermaid(drawn);
    if (out !== undefined) {
      await mkdir(dirname(out), { recursive: true });
      await writeFile(out, `${text}\n`);
      context.say(`wrote ${out}`);
    }
    if (context.json) context.printJson({ version: 1, lab: lab.name, format, text });
    else if (out === undefined) context.print(text);
    return EXIT.ok;
  },
});
