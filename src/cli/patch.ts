import { patchPanel } from '../apply/patch.js';
import { EXIT } from '../errors.js';
import { linkKinds } from '../links/index.js';
import { shownLine } from '../shown.js';
import { linkKind } from '../topology/kinds.js';
import type { LabLink } from '../topology/lab.js';
import { patchesIn, type Patches } from '../topology/patch.js';
import { didYouMeanLabel } from '../topology/suggest.js';
import { defineCommand, UsageError } from './define.js';
import { findLinks } from './find-links.js';
import { labOption } from './places.js';
import { demandBuilt } from './target.js';

interface Arguments {
  readonly panel: string;
  readonly end: readonly string[];
  readonly open: boolean;
  readonly lab?: string;
}

export const patch = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    panel: {
      describe:
        'The panel by its name, or by one of its ports; `LAB/panel` where several labs have such a link',
      takes: 'link',
    },
    end: {
      takes: 'end',
      describe: 'Ports of the panel, two by two: each pair is patched together; none to list them',
    },
  },
  options: {
    open: { type: 'boolean', describe: 'Leave the ports open that are named' },
    ...labOption,
  },
  examples: [
    ['$0 patch rack', 'what is patched to what'],
    ['$0 patch rack a:eth1 c:eth1', 'what they were patched to is open then'],
    ['$0 patch rack a:eth1 b:eth1 c:eth1 d:eth1', 'two patches at once'],
    ['$0 patch rack a:eth1 --open', 'no frame of a crosses the panel'],
  ],
  async run({ panel: asked, end: ends, open, lab: name }, context) {
    const { stored, links } = await findLinks([asked], name);
    demandBuilt(stored);
    const { lab } = stored;
    const found = panelCalled(lab.links, links[0] ?? '');
    const made = open ? [] : pairsOf(demandPorts(found, ends));
    const begin = performance.now();
    const { panel, changed } =
      ends.length === 0
        ? { panel: found, changed: false }
        : await patchPanel(lab.name, found.id, made, open ? demandPorts(found, ends) : [], {
            signal: context.signal,
          });
    const patches = patchesIn(panel);
    if (context.json)
      context.printJson({
        version: 1,
        ...{ lab: lab.name, link: panel.id, patches, open: openOf(panel), changed },
        file: patchesIn({ ...panel, cables: panel.cablesInFile ?? panel.cables }),
        ms: performance.now() - begin,
      });
    else for (const line of told(panel)) context.print(shownLine(line));
    return EXIT.ok;
  },
});

/** @throws UsageError where a link has no patches to move */
function panelCalled(links: readonly LabLink[], id: string): LabLink {
  const link = links.find((one) => one.id === id);
  if (link && linkKind(link.kind).isPanel) return link;
  const kinds = linkKinds.filter((one) => one.isPanel).map(({ kind }) => `\`${kind}\``);
  throw new UsageError(
    `\`${id}\` is of kind \`${link?.kind ?? ''}\`, which has no patches to move. Links of kind ${kinds.join(', ')} have; to change another one edit the file and run \`patchlab up\`.`,
  );
}

/** @throws UsageError */
function demandPorts({ id, ends }: LabLink, named: readonly string[]): readonly string[] {
  const ports = ends.map(({ port }) => port.ref);
  const [lacks] = named.filter((ref) => !ports.includes(ref));
  if (lacks !== undefined)
    throw new UsageError(`${id} has no port \`${lacks}\`: ${didYouMeanLabel(lacks, ports)}.`);
  const twice = named.find((ref, index) => named.indexOf(ref) !== index);
  if (twice !== undefined)
    throw new UsageError(`\`${twice}\` is named twice: a port has one patch. Name it once.`);
  return named;
}

/** @throws UsageError */
function pairsOf(ports: readonly string[]): Patches {
  if (ports.length % 2 === 1)
    throw new UsageError(
      `Ports are patched two by two, and \`${ports.at(-1) ?? ''}\` has no other one. Name one more, or say --open.`,
    );
  return ports.flatMap((ref, index): Patches => {
    const other = ports[index + 1];
    return index % 2 === 0 && other !== undefined ? [[ref, other]] : [];
  });
}

const openOf = ({ ends, cables }: LabLink): readonly string[] =>
  ends.flatMap(({ port }, index) => (cables.flat().includes(index) ? [] : [port.ref]));

function told(panel: LabLink): readonly string[] {
  const open = openOf(panel);
  return [
    ...patchesIn(panel).map(([a, b]) => `${panel.id}: ${a} - ${b}`),
    ...(open.length > 0
      ? [`${panel.id}: open ${open.length === 1 ? 'is' : 'are'} ${open.join(', ')}`]
      : []),
    ...(panel.cablesInFile ? ['Its file says otherwise; `patchlab up` brings that back.'] : []),
  ];
}
