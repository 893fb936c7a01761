import type { Hearing, ClassLoss } from '../../hops/hearing.js';
import { FRAME_CLASSES, type FrameClass } from '../../frames/classes.js';
import type { Hop } from '../../hops/types.js';
import type { LabLink } from '../../topology/lab.js';
import { groupBy } from '../../group-by.js';
import { proseWidth, upright, wrapText } from './text.js';

/** What one end of a way hears of the other. */
export interface PredictedPair extends Hearing {
  /** The link whose cable it is, if it is one. */
  readonly link: LabLink | undefined;
}

const MARKS = { pass: '.', drop: 'x', random: '?' } as const;

/** Hits that are listed of each reason. */
const MOST = 6;

/** The mark of a class: `.` heard, `x` lost, `?` decided by chance. */
const markOf = ({ lost }: Hearing, frameClass: FrameClass): string =>
  MARKS[lost.find((loss) => loss.class === frameClass)?.outcome ?? 'pass'];

const marksOf = (pair: Hearing): string =>
  FRAME_CLASSES.map((frameClass) => markOf(pair, frameClass)).join(' ');

const label = (hop: Hop | undefined): string => hop?.label ?? '';
const from = ({ path }: Hearing): string => label(path.at(0));
const to = ({ path }: Hearing): string => label(path.at(-1));

const via = ({ link, path }: PredictedPair): string =>
  link ? `${link.id} ${link.kind}` : `${path.length} hops`;

interface Row {
  readonly name: string;
  /** Both ends. */
  readonly ends: readonly [string, string];
  readonly marks: string;
  readonly via: string;
}

/** A row for each pair; one for both directions where they hear the same. */
function rowsOf(pairs: readonly PredictedPair[]): readonly Row[] {
  const marks = new Map(pairs.map((pair) => [`${from(pair)}\0${to(pair)}`, marksOf(pair)]));
  const told = new Set<string>();
  return pairs.flatMap((pair): Row[] => {
    const [forth, back] = [`${from(pair)}\0${to(pair)}`, `${to(pair)}\0${from(pair)}`];
    const own = marks.get(forth) ?? '';
    const alike = marks.get(back) === own;
    if (alike && told.has(back)) return [];
    told.add(forth);
    const arrow = alike ? '<>' : '>';
    return [
      {
        name: `${from(pair)} ${arrow} ${to(pair)}`,
        ends: [from(pair), to(pair)],
        marks: own,
        via: via(pair),
      },
    ];
  });
}

/** More pairs of one link that hear the same are summed up. */
const MOST_ALIKE = 6;

/** One row for pairs of a link that hear the same, where they are many. */
function summed(rows: readonly Row[]): readonly Row[] {
  const groups = groupBy(rows, ({ marks, via: way }) => `${way}\0${marks}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length <= MOST_ALIKE) return group;
    const ends = new Set(group.flatMap((row) => row.ends)).size;
    const all = group.length === (ends * (ends - 1)) / 2 && group.every(isBoth);
    const name = all ? `${ends} ends, each with each` : `${group.length} such as ${first.name}`;
    return [{ ...first, name }];
  });
}

const isBoth = ({ name }: Row): boolean => name.includes(' <> ');

interface Cause {
  readonly loss: ClassLoss;
  /** By their gist. */
  readonly remedies: Map<string, string>;
  /** `PAIR at HOP`, with the classes that die there. */
  readonly hits: Map<string, FrameClass[]>;
}

/** A text without what makes it one pair's: the hop, addresses, numbers. */
const gist = (text: string, { at }: ClassLoss): string =>
  text
    .replaceAll(at.label, '')
    .replaceAll(/\b(?:[\da-f]{2}:){5}[\da-f]{2}\b|\b0x[\da-f]+|\d+/g, '');

/** Each distinct reason with all that it hits. */
function causesOf(pairs: readonly PredictedPair[]): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const pair of pairs) {
    for (const loss of pair.lost) {
      const key = [loss.outcome, loss.at.kind, gist(loss.reason, loss)].join('\0');
      const cause: Cause = causes.get(key) ?? { loss, remedies: new Map(), hits: new Map() };
      causes.set(key, cause);
      const remedy = gist(loss.remedy, loss);
      if (!cause.remedies.has(remedy)) cause.remedies.set(remedy, loss.remedy);
      const place = `${from(pair)} > ${to(pair)} at ${loss.at.label}`;
      const classes = cause.hits.get(place);
      if (classes) classes.push(loss.class);
      else cause.hits.set(place, [loss.class]);
    }
  }
  return [...causes.values()];
}

function formatCause({ loss, remedies, hits }: Cause, width: number): string {
  const lines = [...hits].map(([place, classes]) =>
    wrapText('    ', `${place}: ${classes.join(', ')}`, width),
  );
  const more = lines.length - MOST;
  return [
    wrapText(`${MARKS[loss.outcome]}   `, loss.reason, width),
    ...lines.slice(0, MOST),
    ...(more > 0 ? [`    and ${more} more, which --json lists`] : []),
    ...[...remedies.values()].map((remedy) => wrapText('    remedy: ', remedy, width)),
    wrapText('    source: ', loss.source, width),
  ].join('\n');
}

export interface MatrixOptions {
  /** A row for each pair, however many of a link hear the same. */
  readonly each?: boolean;
  /** Of the terminal, if it is one. */
  readonly columns?: number | undefined;
}

/** Who hears whom, class by class, and each reason once for what is not heard. */
export function formatMatrix(
  lab: string,
  pairs: readonly PredictedPair[],
  { each = false, columns }: MatrixOptions = {},
): string {
  const rows = each ? rowsOf(pairs) : summed(rowsOf(pairs));
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const causes = causesOf(pairs);
  return [
    `${lab}: who hears whom (. heard, x lost, ? by chance)`,
    ...upright(FRAME_CLASSES).map((line) => `  ${' '.repeat(width)}  ${line}`.trimEnd()),
    ...rows.map((row) => `  ${row.name.padEnd(width)}  ${row.marks}  ${row.via}`),
    ...causes.flatMap((cause) => ['', formatCause(cause, proseWidth(columns))]),
  ].join('\n');
}

/** The same for machines. */
export const matrixJson = (pairs: readonly PredictedPair[]) =>
  pairs.map((pair) => ({
    from: from(pair),
    to: to(pair),
    link: pair.link?.id ?? null,
    path: pair.path.map((hop) => hop.label),
    hears: pair.hears,
    lost: pair.lost.map(({ at, ...loss }) => ({ ...loss, at: at.label })),
  }));
