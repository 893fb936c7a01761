import { EXIT } from '../errors.js';
import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { defineCommand, UsageError } from './define.js';
import { formatOf, writeOut } from './files.js';
import { labOf } from './target.js';

/** What a file may be, by its extension. */
const EXTENSIONS = {
  '.svg': 'svg',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.md': 'mermaid',
} as const;

type Format = (typeof EXTENSIONS)[keyof typeof EXTENSIONS];

export const graph = defineCommand<{ file: string; format?: Format; out?: string }>({
  needsRoot: false,
  positionals: {
    file: {
      describe:
        'Topology, YAML or TypeScript; or the name of a lab that is up, or of one of `patchlab labs`',
      takes: 'topology',
    },
  },
  options: {
    format: {
      type: 'string',
      choices: ['svg', 'mermaid'],
      describe:
        'A picture for browsers, or a Mermaid flowchart for Markdown; by default what the name of the file says, else svg',
    },
    out: {
      type: 'string',
      alias: 'o',
      describe:
        'Write it into this file instead of standard output: .svg, or .mmd and .md for Mermaid',
    },
  },
  examples: [['$0 graph ovs-patch-panel -o panel.svg', 'a picture']],
  async run({ file, format: asked, out }, context) {
    const format = out === undefined ? (asked ?? 'svg') : fileFormat(out, asked);
    const lab = await labOf(file);
    const drawn = { lab, graph: wire(lab, ANY_FACTS).graph, cases: [] };
    // The layout is a large library: it is loaded here, and not with every command.
    const [{ drawSvg }, { formatMermaid }] = await Promise.all([
      import('../report/draw/svg.js'),
      import('../report/draw/mermaid.js'),
    ]);
    const text = format === 'svg' ? (await drawSvg(drawn)).text : formatMermaid(drawn);
    if (out !== undefined) {
      await writeOut(out, `${text}\n`);
      context.say(`wrote ${out}`);
    }
    if (context.json) context.printJson({ version: 1, lab: lab.name, format, text });
    else if (out === undefined) context.print(text);
    return EXIT.ok;
  },
});

/** The format of a file; its name and `--format` must not contradict each other. */
function fileFormat(out: string, asked: Format | undefined): Format {
  const format = formatOf(out, EXTENSIONS, 'drawings');
  if (asked === undefined || asked === format) return format;
  throw new UsageError(
    `${out} is the name of a file of format ${format}, but --format says ${asked}.`,
  );
}
