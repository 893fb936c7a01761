import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { EXIT } from '../errors.js';
import { proseWidth, wrapText } from '../report/terminal/text.js';
import { shippedLab, shippedLabs } from '../topology/load-labs.js';
import { didYouMean } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';
import { demandNew, writeOut } from './files.js';
import { schemaFile } from './schema.js';

interface Options {
  readonly file?: string;
  readonly template: string;
  readonly list: boolean;
  readonly force: boolean;
}

/** A lab to begin with, under the name by which people look for it. */
interface Template {
  readonly name: string;
  /** The lab of `patchlab labs` that it is. */
  readonly lab: string;
  readonly what: string;
}

/** The first ones; every lab that comes with patchlab is one too. */
const templates: readonly Template[] = [
  {
    name: 'two-namespaces',
    lab: 'namespace-cable',
    what: 'Two namespaces on a cable: needs neither guests nor root',
  },
  { name: 'two-guests', lab: 'lldp-direct', what: 'Two virtual machines on a cable' },
  {
    name: 'bridge',
    lab: 'bridge-eats-lldp',
    what: 'A Linux bridge in the middle, and what it keeps',
  },
  { name: 'vlan', lab: 'vlan-filter', what: 'Switches in guests with VLANs and a trunk' },
  { name: 'bond', lab: 'bond-failover', what: 'Two cables as one, and what a cut costs' },
  { name: 'router', lab: 'three-routers', what: 'Three routers in a row between two hosts' },
  { name: 'filter', lab: 'packet-filter', what: 'A router with a packet filter of nftables' },
  { name: 'openflow', lab: 'openflow-switches', what: 'Open vSwitch in guests, with flows' },
  { name: 'panel', lab: 'ovs-patch-panel', what: 'A patch panel of Open vSwitch between guests' },
  { name: 'macvtap', lab: 'macvtap-passthru', what: 'Guests on macvtaps that let all frames pass' },
  { name: 'typescript', lab: 'typed', what: 'A chain of namespaces, written in TypeScript' },
];

export const init = defineCommand<Options>({
  needsRoot: false,
  positionals: {
    file: { describe: 'What to write; without it, TEMPLATE.patchlab.yaml in this folder' },
  },
  options: {
    template: {
      type: 'string',
      default: 'two-namespaces',
      describe: 'The lab to begin with: one of --list, or of `patchlab labs`',
      takes: templates.map(({ name }) => name),
    },
    list: { type: 'boolean', describe: 'List the templates, and write nothing' },
    force: { type: 'boolean', describe: 'Write over a file that is there' },
  },
  examples: [
    ['$0 init first.yaml', 'a lab that builds in a second'],
    ['$0 init --template router campus.patchlab.yaml', 'its name is that of the file'],
    ['$0 init --list', 'what there is to begin with'],
  ],
  async run({ file: asked, template, list, force }, context) {
    if (list) {
      if (context.json) context.printJson({ version: 1, templates });
      else context.print(listed(proseWidth(context.columns)));
      return EXIT.ok;
    }
    const { file: from, name } = shippedFor(template);
    const file = asked ?? `${template}.patchlab${extname(from)}`;
    if (extname(from) === '.ts' && !/\.m?ts$/.test(file))
      throw new UsageError(
        `The template \`${template}\` is TypeScript: name a file that ends in .ts.`,
      );
    if (extname(from) !== '.ts' && !/\.ya?ml$/.test(file))
      throw new UsageError(`The template \`${template}\` is YAML: name a file that ends in .yaml.`);
    demandNew(file, force);
    const lab = labNameFor(file) ?? name;
    await writeOut(file, textFor(await readFile(from, 'utf8'), name, lab));
    const next = `patchlab up ${file} && patchlab verify ${lab}`;
    if (context.json) context.printJson({ version: 1, file, lab, template: name, next });
    else {
      context.print(`${file} holds the lab ${lab}. Edit it, look at it, build and prove it:`);
      context.print(`  patchlab predict ${file}`);
      context.print(`  ${next}`);
    }
    return EXIT.ok;
  },
});

/** The lab behind the name of a template. @throws UsageError */
function shippedFor(name: string) {
  const lab = templates.find((one) => one.name === name)?.lab ?? name;
  const shipped = shippedLab(lab);
  if (shipped) return shipped;
  const known = [...templates.map((one) => one.name), ...shippedLabs().map((one) => one.name)];
  throw new UsageError(`There is no template \`${name}\`: ${didYouMean(name, known)}`);
}

/** The name that a lab gets from its file, where that can be one. */
function labNameFor(file: string): string | undefined {
  const name = basename(file, extname(file)).replace(/\.patchlab$/, '');
  return /^[a-z][a-z0-9-]{0,30}$/.test(name) ? name : undefined;
}

/** The text of a lab under another name, with the schema where it is on this machine. */
const textFor = (text: string, name: string, lab: string): string =>
  text
    .replace(/(?<=^# yaml-language-server: \$schema=).*$/m, schemaFile('topology'))
    .replace(new RegExp(`(?<=^ *name: '?)${name}(?='?,?$)`, 'm'), lab)
    .replace(new RegExp(`(?<=\`patchlab [^\`]*)\\b${name}\\b`, 'g'), lab);

function listed(width: number): string {
  const names = Math.max(...templates.map(({ name }) => name.length));
  return [
    ...templates.map(({ name, what }) => wrapText(`  ${name.padEnd(names)}  `, what, width)),
    '',
    wrapText('', 'Each lab of `patchlab labs` is a template too, by its name.', width),
  ].join('\n');
}
