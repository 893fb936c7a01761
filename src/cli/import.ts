import { basename } from 'node:path';
import { stringify } from 'yaml';
import { EXIT } from '../errors.js';
import type { Imported } from '../import/define.js';
import { importFormats } from '../import/index.js';
import { isRecord } from '../is-record.js';
import { shownLine } from '../shown.js';
import { readText } from '../topology/load.js';
import { parseTopology } from '../topology/parse.js';
import { parseYaml } from '../topology/source.js';
import { TopologyError } from '../topology/topology-error.js';
import { defineCommand, UsageError } from './define.js';
import { demandNew, writeOut } from './files.js';
import { schemaFile } from './schema.js';
import { counted, sizeOf } from './size.js';

interface Options {
  readonly file: string;
  readonly out?: string;
  readonly force: boolean;
}

export const import_ = defineCommand<Options>({
  needsRoot: false,
  positionals: {
    file: {
      describe: `A topology of ${importFormats.map(({ title }) => title).join(' or ')}`,
    },
  },
  options: {
    out: {
      type: 'string',
      alias: 'o',
      describe: 'Write it into this file instead of standard output',
    },
    force: { type: 'boolean', describe: 'Write over a file that is there' },
  },
  examples: [['$0 import lab.clab.yml -o lab.yaml', 'nodes and cables; what stays behind is told']],
  async run({ file, out, force }, context) {
    if (out !== undefined) demandNew(out, force);
    const value = await read(file);
    const format = importFormats.find(({ isOne }) => isOne(value));
    if (!format)
      throw new UsageError(
        `${file} is no topology of ${importFormats.map(({ title }) => title).join(' or ')}: it has neither \`topology.nodes\` nor \`nodes\`.`,
      );
    const name = basename(file).replace(/(\.clab)?\.[^.]*$/, '');
    const imported = format.read(value, name);
    const text = textOf(imported, format.title, basename(file));
    const { lab } = parseTopology(parseYaml(out ?? 'the imported topology', text));
    if (out !== undefined) await writeOut(out, text);
    const { left, renamed } = imported;
    if (context.json)
      context.printJson({
        ...{ version: 1, format: format.format, file, out: out ?? null, lab: lab.name },
        ...{ topology: imported.topology, left, renamed },
      });
    else if (out === undefined) context.printLarge([text]);
    for (const { at, why } of left) context.say(`${shownLine(at)}: ${shownLine(why)}`);
    for (const { from, to } of renamed) context.say(`${shownLine(from)} is now ${shownLine(to)}`);
    const size = sizeOf({ nodes: lab.nodes.length, links: lab.links.length });
    context.say(`${lab.name}: ${size}; ${counted(left.length, 'thing')} left out`);
    return EXIT.ok;
  },
});

/** What a file holds. @throws PatchlabError `topology/not-found`, TopologyError for what is no YAML */
async function read(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { source, value, problems } = parseYaml(file, await readText(file));
  if (problems.length > 0) throw new TopologyError(source, problems);
  return isRecord(value) ? value : {};
}

/** The topology as a file, headed by what it has not. */
function textOf({ topology, left, renamed }: Imported, title: string, file: string): string {
  const told = [
    `Imported from ${file}, a topology of ${title}.`,
    ...left.map(({ at, why }) => `Left out: ${at}: ${why}`),
    ...renamed.map(({ from, to }) => `Renamed: ${from} is ${to}`),
  ];
  return [
    `# yaml-language-server: $schema=${schemaFile('topology')}`,
    ...told.map((line) => `# ${shownLine(line)}`),
    stringify(topology, { lineWidth: 0, aliasDuplicateObjects: false }),
  ].join('\n');
}
