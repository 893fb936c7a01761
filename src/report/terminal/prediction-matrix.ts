import type { Hearing, ClassLoss } from '../../hops/hearing.js';
import { FRAME_CLASSES, type FrameClass } from '../../frames/classes.js';
import type { Hop } from '../../hops/types.js';
import { isNamed, type LabLink } from '../../topology/lab.js';
import { groupBy } from '../../group-by.js';
import { gistOf } from './gist.js';
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

/** The ends beside it say which link it is, if it has no name. */
const via = ({ link, path }: PredictedPair): string =>
  link ? `${isNamed(link) ? `${link.id} ` : ''}${link.kind}` : `${path.length} hops`;

interface Row {
  readonly name: string;
  /** Both ends. */
  readonly ends: readonly [string, string];
  readonly marks: string;
  /** Id of the link, if it is one. */
  readonly link: string;
  readonly via: string;
  /** Of the link, or what the way is like. */
  readonly kind: string;
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
        link: pair.link?.id ?? '',
        via: via(pair),
        kind: pair.link?.kind ?? via(pair),
      },
    ];
  });
}

/** More pairs that hear the same are summed up. */
const MOST_ALIKE = 6;

/** One row for pairs of a link that hear the same, where they are many, and then for links of a kind. */
function summed(rows: readonly Row[]): readonly Row[] {
  const links = sumUp(rows, ({ link, via: way }) => `${link} ${way}`, allPairs);
  return sumUp(links, ({ kind }) => kind, undefined);
}

/** @param whole - the name of rows that are all that there can be */
function sumUp(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  whole: ((rows: readonly Row[]) => string | undefined) | undefined,
): readonly Row[] {
  const groups = groupBy(rows, (row) => `${keyOf(row)}\0${row.marks}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length <= MOST_ALIKE) return group;
    const ways = new Set(group.map((row) => row.link)).size;
    const name = whole?.(group) ?? `${group.length} such as ${first.name}`;
    return [{ ...first, name, via: ways === 1 ? first.via : first.kind }];
  });
}

function allPairs(rows: readonly Row[]): string | undefined {
  const ends = new Set(rows.flatMap((row) => row.ends)).size;
  const isAll = rows.length === (ends * (ends - 1)) / 2 && rows.every(isBoth);
  return isAll ? `${ends} ends such as ${rows[0]?.ends[0]}, each with each` : undefined;
}

const isBoth = ({ name }: Row): boolean => name.includes(' <> ');

interface Cause {
  readonly loss: ClassLoss;
  /** By their gist. */
  readonly remedies: Map<string, string>;
  /** `PAIR at HOP`, with the classes that die there. */
  readonly hits: Map<string, FrameClass[]>;
}

/** Who loses which classes where, a line each; of many that lose the same one is named. */
function hitLines({ hits }: Cause, width: number, each: boolean): readonly string[] {
  const all = [...hits].map(([place, classes]) => ({ place, classes: classes.join(', ') }));
  const told = (place: string, classes: string): string =>
    wrapText('    ', `${place}: ${classes}`, width);
  const key = each || all.length <= MOST ? 'place' : 'classes';
  const alike = groupBy(all, (hit) => hit[key]);
  const lines = [...alike.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const [pair, at] = first.place.split(' at ');
    const isThere = others.every(({ place }) => place.endsWith(` at ${at}`));
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return [told(isThere ? `${pair}${more} at ${at}` : `${first.place}${more}`, first.classes)];
  });
  const more = lines.length - MOST;
  return [
    ...lines.slice(0, MOST),
    ...(more > 0 ? [`    and ${more} more, which --json lists`] : []),
  ];
}

/** Each distinct reason with all that it hits. */
function causesOf(pairs: readonly PredictedPair[]): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const pair of pairs) {
    for (const loss of pair.lost) {
      const key = [loss.outcome, loss.at.kind, gistOf(loss.reason, [loss.at.label])].join('\0');
      const cause: Cause = causes.get(key) ?? { loss, remedies: new Map(), hits: new Map() };
      causes.set(key, cause);
      const remedy = gistOf(loss.remedy, [loss.at.label]);
      if (!cause.remedies.has(remedy)) cause.remedies.set(remedy, loss.remedy);
      const place = `${from(pair)} > ${to(pair)} at ${loss.at.label}`;
      const classes = cause.hits.get(place);
      if (classes) classes.push(loss.class);
      else cause.hits.set(place, [loss.class]);
    }
  }
  return [...causes.values()];
}

function formatCause(cause: Cause, width: number, each: boolean): string {
  const { loss, remedies } = cause;
  return [
    wrapText(`${MARKS[loss.outcome]}   `, loss.reason, width),
    ...hitLines(cause, width, each),
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
  const width = nameWidth(rows, columns);
  const causes = causesOf(pairs);
  return [
    wrapText('', `${lab}: who hears whom (. heard, x lost, ? by chance)`, proseWidth(columns)),
    ...upright(FRAME_CLASSES).map((line) => `  ${' '.repeat(width)}  ${line}`.trimEnd()),
    ...rows.flatMap(({ name, marks, via: way }) => {
      const own = name.length > width ? [`  ${name}`] : [];
      return [...own, `  ${(own.length > 0 ? '' : name).padEnd(width)}  ${marks}  ${way}`];
    }),
    ...causes.flatMap((cause) => ['', formatCause(cause, proseWidth(columns), each)]),
  ].join('\n');
}

/** Columns for the names: the longest where the terminal has room for it; longer ones have a line of their own. */
function nameWidth(rows: readonly Row[], columns: number | undefined): number {
  const longest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map(({ length }) => length));
  const name = longest(rows.map((row) => row.name));
  if (columns === undefined) return name;
  const rest = 2 * FRAME_CLASSES.length - 1 + longest(rows.map((row) => row.via)) + 6;
  return Math.min(name, Math.max(0, columns - rest));
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
