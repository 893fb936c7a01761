import { z } from 'zod';
import { impairPorts } from '../apply/impair.js';
import { EXIT, PatchlabError } from '../errors.js';
import { shownLine } from '../shown.js';
import { impairmentFields } from '../topology/impair-field.js';
import {
  IMPAIRMENT_KEYS,
  impairmentProblems,
  impairmentText,
  isUnimpaired,
  joinImpairments,
  type Impairment,
} from '../topology/impairment.js';
import { hasInside, linkCalled, type Lab, type LinkEnd } from '../topology/lab.js';
import { impairmentOf } from '../topology/live.js';
import { defineCommand, UsageError, type Option } from './define.js';
import { findLinks, nameIn } from './find-links.js';
import { labOption } from './places.js';
import { demandBuilt } from './target.js';

type Given = { readonly [K in keyof typeof impairmentFields]?: string };

interface Arguments extends Given {
  readonly link: readonly string[];
  readonly lab?: string;
  readonly show: boolean;
  readonly clear: boolean;
}

export const impair = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    link: {
      describe:
        'Ends of links, of which each impairs what it sends (`sw1:eth1`); a link by its name stands for all its ends (`left`, `sw1:eth1-sw2:eth1`); `LAB/left` where several labs have such a link',
      takes: 'end',
    },
  },
  options: {
    ...Object.fromEntries(
      IMPAIRMENT_KEYS.map((key): [string, Option] => [
        key,
        { type: 'string', describe: impairmentFields[key].description ?? '' },
      ]),
    ),
    clear: { type: 'boolean', describe: 'Impair nothing there any more, whatever the file says' },
    show: { type: 'boolean', describe: 'Only tell what is impaired there; changes nothing' },
    ...labOption,
  },
  examples: [
    ['$0 impair wan --delay 40ms --loss 2%', 'both ways of the link, whatever its file says'],
    ['$0 impair near:eth1 --rate 5Mbit', 'what this end sends: the other way stays as it is'],
    ['$0 impair wan --show', 'what its ends do to frames'],
    ['$0 impair wan --clear', 'nothing any more; `patchlab up` brings back what the file says'],
  ],
  async run({ link: asked, lab: name, show, clear, ...rest }, context) {
    const wanted = wantedOf({ show, clear }, rest);
    const { stored } = await findLinks(asked, name);
    demandBuilt(stored);
    const ports = portsOf(stored.lab, asked);
    const begin = performance.now();
    const { lab, changed } = wanted
      ? await impairPorts(stored.lab.name, demandInside(stored.lab, ports), wanted, {
          signal: context.signal,
        })
      : { lab: stored.lab, changed: [] };
    const ends = lab.links.flatMap((link) =>
      link.ends.filter(({ port }) => ports.includes(port.ref)).map((end) => ({ link, end })),
    );
    if (context.json)
      context.printJson({
        version: 1,
        lab: lab.name,
        ends: ends.map(({ link, end }) => ({
          end: end.port.ref,
          link: link.id,
          impairment: impairmentOf(end) ?? null,
          file: end.impair ?? null,
          changed: changed.includes(end.port.ref),
        })),
        ms: performance.now() - begin,
      });
    else for (const { end } of ends) context.print(shownLine(told(end)));
    return EXIT.ok;
  },
});

/** What is to be; nothing where it is only to be shown. @throws UsageError */
function wantedOf(
  { show, clear }: Pick<Arguments, 'show' | 'clear'>,
  rest: Given,
): Impairment | undefined {
  const given = Object.fromEntries(
    IMPAIRMENT_KEYS.flatMap((key) => (rest[key] === undefined ? [] : [[key, rest[key]]])),
  );
  const isGiven = Object.keys(given).length > 0;
  if ([show, clear, isGiven].filter(Boolean).length !== 1)
    throw new UsageError(
      `Say either what is to be done to frames (${IMPAIRMENT_KEYS.map((key) => `--${key}`).join(', ')}), or --clear, or --show.`,
    );
  if (show) return undefined;
  const read = z.strictObject(impairmentFields).safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    const key = String(issue?.path[0] ?? '');
    throw new UsageError(`\`--${key} ${String(given[key])}\` makes no sense: ${issue?.message}.`);
  }
  const impairment = joinImpairments(read.data);
  const [problem] = impairmentProblems(impairment);
  if (problem)
    throw new UsageError(
      `${problem.what} ${problem.fix.charAt(0).toUpperCase()}${problem.fix.slice(1)}.`,
    );
  return impairment;
}

/** The ports that are meant: of a link all that it ends at. */
function portsOf(lab: Lab, asked: readonly string[]): readonly string[] {
  const all = asked.flatMap((text) => {
    const name = nameIn(lab, text) ?? '';
    const ends = linkCalled(lab, name)?.ends.map(({ port }) => port.ref) ?? [];
    return ends.includes(name) ? [name] : ends;
  });
  return [...new Set(all)];
}

/** @throws PatchlabError `topology/no-agent` where nothing can be done inside the node of a port */
function demandInside({ nodes }: Lab, ports: readonly string[]): readonly string[] {
  for (const node of nodes) {
    const port = node.ports.find(({ ref }) => ports.includes(ref));
    if (port && !hasInside(node))
      throw new PatchlabError('topology/no-agent', {
        what: `Nothing can be done to what ${port.ref} sends: that is done inside ${node.name}, which has no agent.`,
        fix: 'Name the other ends of its links.',
      });
  }
  return ports;
}

function told(end: LinkEnd): string {
  const { port, impair: inFile = {}, live } = end;
  const now = impairmentOf(end);
  const file = isUnimpaired(inFile) ? 'nothing of it' : impairmentText(inFile);
  return `${port.ref}: ${now ? impairmentText(now) : 'not impaired'}${live ? ` (its file says ${file}; \`patchlab up\` brings that back)` : ''}`;
}
