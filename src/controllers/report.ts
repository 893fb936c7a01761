import { z } from 'zod';
import type { Named, PredictedCheck, Reply } from '../probes/inquiry.js';
import { linkCalled, type Lab } from '../topology/lab.js';
import type { ControllerKind } from './define.js';
import type { PredictedLink } from './discovery.js';
import type { ControlledSwitch } from './switches.js';

/** What a controller says that it has discovered, held against the file and the model. Pure. */

const end = z.object({ dpid: z.string(), port: z.int() });
const report = z.object({
  switches: z.array(z.string()),
  links: z.array(z.object({ from: end, to: end, age: z.number() })),
});
type Report = z.output<typeof report>;

/** Milliseconds that a report may be old. */
const DELAY = 600;

/**
 * The report of a controller, with the links that it has seen of late; nothing where there is none.
 * @param ms - how long ago a link may have been seen
 */
export function readReport(text: string | undefined, ms: number): Report | undefined {
  try {
    const { switches, links } = report.parse(JSON.parse(text ?? ''));
    return { switches, links: links.filter(({ age }) => 1000 * age + DELAY < ms) };
  } catch {
    return undefined;
  }
}

/** A direction of a link, with what is to become of it. */
interface WantedLink {
  readonly name: string;
  readonly link: PredictedLink;
  /** Must it be seen, or must it not? */
  readonly isWanted: boolean;
  readonly way: Named;
}

interface Wanted {
  readonly links: readonly WantedLink[];
  readonly predicted: PredictedCheck;
}

const nameOf = ({ from, to }: Pick<PredictedLink, 'from' | 'to'>): string =>
  `${from.label} > ${to.label}`;

/**
 * What must be seen, and what must not.
 * @param missing - links that must not be seen, as a check names them
 * @returns the place of a name that is none of a link
 */
export function wantedOf(
  links: readonly PredictedLink[],
  missing: readonly string[],
  lab: Lab,
): Wanted | { readonly unknown: number } {
  const unwanted = missing.map((text) => {
    const called = linkCalled(lab, text)?.ends.map(({ port }) => port.ref) ?? [];
    return links.filter(
      (one) =>
        nameOf(one) === text || (called.includes(one.from.label) && called.includes(one.to.label)),
    );
  });
  const unknown = unwanted.findIndex((found) => found.length === 0);
  if (unknown >= 0) return { unknown };
  const none = new Set(unwanted.flat());
  const all = links
    // What the model has no certain way for, and no file asks for, is nobody's.
    .filter((one) => one.isCable || one.outcome === 'seen' || none.has(one))
    .map((link): WantedLink => ({
      ...{ name: nameOf(link), link, isWanted: !none.has(link) },
      way: {
        name: `discovery frame ${nameOf(link)}`,
        path: link.by.path,
        prediction: link.by.prediction,
      },
    }));
  return { links: all, predicted: predictedOn(all) };
}

/** The first link of which the model says something else than the file wants; else the first of which it says nothing certain. */
function predictedOn(links: readonly WantedLink[]): PredictedCheck {
  const other = links.find(
    ({ link: { outcome }, isWanted }) => outcome === (isWanted ? 'unseen' : 'seen'),
  );
  const open = other ?? links.find(({ link }) => link.outcome === 'random');
  if (!open) return { outcome: 'pass' };
  const { way, link, isWanted, name } = open;
  return {
    ...{ outcome: other ? 'blocked' : 'random', leg: way.name, at: link.at ?? link.to },
    cause: link.cause ?? {
      reason: `Nothing keeps the frame of ${name} from arriving${isWanted ? '' : ', so the link is seen'}.`,
      remedy: 'Take it out of `missing`.',
      source: link.by.frame.name,
    },
  };
}

/** What is known of the controller and its switches. */
interface Asked extends Wanted {
  readonly node: string;
  readonly kind: Pick<ControllerKind, 'title'>;
  readonly switches: readonly ControlledSwitch[];
}

/** What of a report is not as it must be, in one sentence. */
export function differenceOf(
  { node, kind, switches, links }: Asked,
  told: Report | undefined,
): Reply {
  if (!told)
    return {
      ...{ outcome: 'error', isEarly: true },
      message: `${kind.title} in ${node} reports nothing: \`patchlab logs ${node}\` shows what it says.`,
    };
  const away = switches.filter(({ datapath }) => !told.switches.includes(datapath));
  if (away.length > 0)
    return {
      ...{ outcome: 'fail', isEarly: true },
      message: `${listed(away.map(({ hop }) => `${hop.stack}:${hop.device}`))} ${away.length === 1 ? 'has' : 'have'} not connected to ${kind.title} in ${node} by ${listed([...new Set(away.flatMap(({ controllers }) => controllers))])}: look whether that can be reached from there, and what \`patchlab logs ${node}\` says.`,
    };
  const names = namesOf(switches);
  const seen = told.links.map(({ from, to }) => ({ from: names(from), to: names(to) }));
  const isSeen = (name: string): boolean => seen.some(({ from, to }) => `${from} > ${to}` === name);
  const lost = links.filter(({ isWanted, name }) => isWanted && !isSeen(name));
  const there = links.filter(({ isWanted, name }) => !isWanted && isSeen(name));
  const extra = seen.filter((one) => !links.some(({ name }) => name === `${one.from} > ${one.to}`));
  const sentences = [
    ...lost.map((one) => missed(one, isSeen, extra)),
    ...there.map(({ name }) => `It sees ${name}, which must not be seen.`),
    ...extra
      .filter(({ from }) => !lost.some(({ link }) => link.from.label === from))
      .map(({ from, to }) => `It sees ${from} > ${to}, which is no link of the file.`),
  ];
  const surprise = [...lost, ...there].find(
    ({ link: { outcome }, isWanted }) => outcome === (isWanted ? 'seen' : 'unseen'),
  );
  const count = `${kind.title} in ${node} sees ${seen.length} of ${links.filter(({ isWanted }) => isWanted).length} directions`;
  return {
    outcome: sentences.length === 0 ? 'pass' : 'fail',
    message: sentences.length === 0 ? `${count}, as it must.` : `${count}. ${sentences.join(' ')}`,
    ...(lost[0] && { lost: lost[0].way }),
    ...(surprise && {
      surprise: `The model says that ${surprise.name} is ${surprise.link.outcome === 'seen' ? 'seen' : 'not seen'}: the lab is not as its file says, or the model is wrong.`,
    }),
  };
}

const listed = (words: readonly string[]): string => words.join(', ');

/** How a direction is missed: alone, with the other one, or because it leads elsewhere. */
function missed(
  { name, link }: WantedLink,
  isSeen: (name: string) => boolean,
  extra: readonly { readonly from: string; readonly to: string }[],
): string {
  const other = extra.find(({ from }) => from === link.from.label);
  if (other)
    return `What leaves ${link.from.label} comes in at ${other.to} and not at ${link.to.label}: the cable is crossed.`;
  const back = isSeen(nameOf({ from: link.to, to: link.from }));
  const why = link.cause ? ` Its frame dies at ${link.at?.label ?? ''}.` : '';
  return `${name} is missing${back ? ', and seen the other way round' : ''}.${why}`;
}

/** Names of ports by datapath id and number, as the file has them. */
function namesOf(
  switches: readonly ControlledSwitch[],
): (end: Report['links'][number]['from']) => string {
  const names = new Map(
    switches.flatMap(({ datapath, ports, hop }) =>
      Object.entries(ports).map(
        ([id, number]) =>
          [`${datapath} ${number}`, `${hop.stack}:${id.slice(id.indexOf(' ') + 1)}`] as const,
      ),
    ),
  );
  return ({ dpid, port }) => names.get(`${dpid} ${port}`) ?? `port ${port} of ${dpid}`;
}
