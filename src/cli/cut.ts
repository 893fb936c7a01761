import { plugLinks } from '../apply/cut.js';
import { EXIT } from '../errors.js';
import type { Plugging } from '../topology/cut.js';
import type { LabLink } from '../topology/lab.js';
import { shownLine } from '../shown.js';
import { defineCommand, type CliCommand } from './define.js';
import { findLinks } from './find-links.js';
import { labOption } from './places.js';
import { demandBuilt } from './target.js';

interface Arguments {
  readonly link: readonly string[];
  readonly lab?: string;
}

/** A command that pulls or plugs cables. */
const plugging = (
  how: Plugging,
  examples: CliCommand['examples'],
  tell: (link: LabLink, changed: boolean) => string,
): CliCommand<Arguments> =>
  defineCommand<Arguments>({
    needsRoot: true,
    positionals: {
      link: {
        describe:
          'Links by their names, or by one of their ends: `left`, `sw1:eth1-sw2:eth1`, `sw1:eth1`; `LAB/left` where several labs have such a link',
        takes: 'link',
      },
    },
    options: labOption,
    ...(examples && { examples }),
    async run({ link: asked, lab: name }, context) {
      const { stored, links } = await findLinks(asked, name);
      demandBuilt(stored);
      const { lab } = stored;
      const begin = performance.now();
      const changed = await plugLinks(lab.name, how, links, { signal: context.signal });
      const all = lab.links.filter(({ id }) => links.includes(id));
      if (context.json)
        context.printJson({
          version: 1,
          lab: lab.name,
          links: all.map(({ id }) => ({
            link: id,
            state: how === 'cut' ? 'cut' : 'plugged',
            changed: changed.includes(id),
          })),
          ms: performance.now() - begin,
        });
      else for (const one of all) context.print(shownLine(tell(one, changed.includes(one.id))));
      return EXIT.ok;
    },
  });

/** How many ends are named; a segment may have hundreds. */
const MOST = 4;

const sayEnds = ({ ends }: LabLink): string =>
  ends.length > MOST
    ? `any of its ${ends.length} ends`
    : ends.map(({ port }) => port.ref).join(' and ');

export const cut = plugging(
  'cut',
  [
    ['$0 cut across', 'both ends lose their carrier, guests included'],
    ['$0 cut left:eth2 right:eth2 --lab ring-failover', 'two links at once, each called by an end'],
  ],
  (link, changed) =>
    changed
      ? `${link.id} is cut: no carrier at ${sayEnds(link)}. Next: patchlab plug ${link.id}`
      : `${link.id} was cut already; nothing was changed.`,
);

export const plug = plugging(
  'plug',
  [['$0 plug across', 'what `patchlab cut across` has cut']],
  (link, changed) =>
    changed ? `${link.id} is plugged.` : `${link.id} was plugged already; nothing was changed.`,
);
