import { styleText } from 'node:util';
import { shownLines } from '../../shown.js';
import type { Report, ResultVerdict } from '../result.js';
import { lossesOf, storyOf, tellKernel, titleOf, type Loss, type LossHop } from '../losses.js';
import { stepsBefore, stepSum } from '../steps.js';
import { proseWidth, wrapText } from './text.js';
import { checkOf, COLUMNS, rowOf, sumOf, type Row } from '../table.js';

/** Verdicts as text for a terminal or a log. */

export interface TerminalOptions {
  /** Characters in a line; without, lines of the table are as long as they must be. */
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
type Paint = (style: Style, text: string) => string;

const OUTCOME_STYLE = { pass: 'green', fail: 'red', error: 'yellow', skipped: 'yellow' } as const;
/** Between two columns. */
const GAP = '  ';
const NARROW_GAP = ' ';
const INDENT = '  ';
/** A column gives way until it is this narrow, then until it is as narrow as its head; the gaps are the last to. */
const MIN_COLUMN = 12;
const NO_BREAK = '\u00a0';

/** The table, each lost frame with its way, reason and remedy, what was not predicted, and the sum. */
export function formatTerminal(given: Report, options: TerminalOptions = {}): string {
  const report = { ...given, result: shownLines(given.result) };
  const paint: Paint = (style, text) =>
    options.color === true ? styleText(style, text, { validateStream: false }) : text;
  const { result } = report;
  const { verdicts } = result;
  const told = new Set<string>();
  const width = proseWidth(options.width);
  const surprises = verdicts.filter(({ surprise }) => surprise !== null);
  return [
    paint('bold', result.title === null ? result.lab : `${result.lab}: ${result.title}`),
    ...formatTable(result, options.width, paint),
    ...lossesOf(report).flatMap((loss) => [
      '',
      ...formatLoss(loss, told, { prose: width, title: options.width ?? Infinity, paint }),
    ]),
    ...verdicts
      .filter(({ outcome }) => outcome === 'error' || outcome === 'skipped')
      .flatMap((verdict) => ['', ...formatUnknown(verdict, width, paint)]),
    ...(surprises.length > 0 ? ['', ...formatSurprises(surprises, width, paint)] : []),
    '',
    `${result.lab}: ${[sumOf(verdicts), ...stepSum(result)].join(', ')}`,
  ].join('\n');
}

function formatTable(
  result: Pick<Report['result'], 'verdicts' | 'steps'>,
  width: number | undefined,
  paint: Paint,
): readonly string[] {
  const { verdicts } = result;
  const done = (index: number): readonly string[] =>
    stepsBefore(result, index).map(({ outcome, message }) =>
      paint(
        outcome === 'pass' ? 'bold' : OUTCOME_STYLE[outcome],
        `${INDENT}${outcome === 'pass' ? '' : `${outcome}: `}${message}`,
      ),
    );
  const head = Object.fromEntries(
    COLUMNS.map((name) => [name, name.toUpperCase()]),
  ) as unknown as Row;
  const rows = verdicts.map(rowOf);
  const { widths, gap } = columnWidths([head, ...rows], width);
  const line = (row: Row, style: Style | undefined): readonly string[] => {
    const cells = COLUMNS.map((name, index) => wrap(row[name], widths[index] ?? 0));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, n) => {
      const texts = cells.map((cell, index) => (cell[n] ?? '').padEnd(widths[index] ?? 0));
      const last = (texts.pop() ?? '').trimEnd();
      const text = `${INDENT}${texts.join(gap)}${gap}`;
      return style === undefined
        ? paint('dim', `${text}${last}`.trimEnd())
        : `${text}${last && paint(style, last)}`.trimEnd();
    });
  };
  return [
    ...line(head, undefined),
    ...rows.flatMap((row, index) => [
      ...done(index),
      ...line(row, OUTCOME_STYLE[verdicts[index]?.outcome ?? 'error']),
    ]),
    ...done(rows.length),
  ];
}

/** How wide the parts of a text are. */
interface Layout {
  readonly prose: number;
  readonly title: number;
  readonly paint: Paint;
}

interface Widths {
  readonly widths: readonly number[];
  readonly gap: string;
}

/** As wide as the widest cell; where that is too much for the terminal, the widest columns give way. */
function columnWidths(rows: readonly Row[], width: number | undefined): Widths {
  const widths = COLUMNS.map((name) => Math.max(...rows.map((row) => row[name].length)));
  const longest = (text: string): number => Math.max(...text.split(' ').map((word) => word.length));
  const words = COLUMNS.map((name) => Math.max(...rows.map((row) => longest(row[name]))));
  const shrink = (gap: string, floor: (index: number) => number): boolean => {
    const room = (width ?? Infinity) - INDENT.length - gap.length * (COLUMNS.length - 1);
    while (widths.reduce((total, one) => total + one, 0) > room) {
      const can = widths.map((one, index) => (one > floor(index) ? one : 0));
      const widest = Math.max(...can);
      if (widest === 0) return false;
      widths[can.indexOf(widest)] = widest - 1;
    }
    return true;
  };
  if (shrink(GAP, () => MIN_COLUMN)) return { widths, gap: GAP };
  if (shrink(GAP, (index) => words[index] ?? 0)) return { widths, gap: GAP };
  // Words are broken only where nothing else helps.
  if (!shrink(NARROW_GAP, (index) => words[index] ?? 0))
    shrink(NARROW_GAP, (index) => COLUMNS[index]?.length ?? 0);
  return { widths, gap: NARROW_GAP };
}

/** Lines of at most `width` characters, broken at blanks, or inside a word that is longer. */
function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

const pieces = (word: string, width: number): readonly string[] =>
  word.length <= width ? [word] : (word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [word]);

const paragraph = (label: string, text: string, width: number): readonly string[] =>
  wrapText(`    ${label.padEnd(8)}`, text, width)
    .replaceAll(NO_BREAK, ' ')
    .split('\n');

/** @param told - remedies that the reader has seen already; the same one is not told at length again */
function formatLoss(
  loss: Loss,
  told: Set<string>,
  { prose: width, title, paint }: Layout,
): readonly string[] {
  const { blame, cases, intended } = loss;
  const checks = cases.map(({ verdict }) => checkOf(verdict));
  const lines = [
    ...titled(
      `${INDENT}${titleOf(loss)}`,
      `${intended ? ', as intended' : ''} (${checks.join(', ')})`,
      title,
      paint,
    ),
    ...paragraph('what', storyOf(loss), width),
    ...paragraph('way', loss.hops.map(markHop).join(' > '), width),
    ...(blame.reason === null ? [] : paragraph('reason', blame.reason, width)),
    ...(blame.kernel ? paragraph('kernel', tellKernel(blame.kernel), width) : []),
  ];
  if (blame.remedy === null || told.has(blame.remedy)) return lines;
  told.add(blame.remedy);
  return [
    ...lines,
    ...paragraph('remedy', blame.remedy, width),
    ...(blame.source === null ? [] : paragraph('source', blame.source, width)),
  ];
}

/** A title whose first part is bold, wrapped under its own beginning. */
function titled(bold: string, rest: string, width: number, paint: Paint): readonly string[] {
  const [first = '', ...more] = wrapText(INDENT, `${bold.trim()}${rest}`, width).split('\n');
  const head = first.slice(0, bold.length);
  return [paint('bold', head) + first.slice(bold.length), ...more];
}

/** A hop with its mark, which no end of a line may part. */
const markHop = ({ hop: { label, seen, altered } }: LossHop): string =>
  `${label} ${altered !== null ? `≠ (${altered})` : seen === null ? '·' : seen ? '✓' : '✗'}`.replaceAll(
    ' ',
    NO_BREAK,
  );

const formatUnknown = (verdict: ResultVerdict, width: number, paint: Paint): readonly string[] => [
  `${INDENT}${paint('bold', `${verdict.outcome}: ${checkOf(verdict)}`)}`,
  ...paragraph('why', verdict.message, width),
];

const formatSurprises = (
  surprises: readonly ResultVerdict[],
  width: number,
  paint: Paint,
): readonly string[] => [
  paint(
    'yellow',
    `UNPREDICTED: the kernel did not do what the model says, in ${surprises.length} of the checks`,
  ),
  ...surprises.flatMap((verdict) => [
    `${INDENT}${paint('bold', checkOf(verdict))}`,
    ...paragraph('', verdict.surprise ?? '', width),
  ]),
];
