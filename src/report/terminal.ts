import { styleText } from 'node:util';
import { shownLines } from '../shown.js';
import type { Report, ResultVerdict } from './result.js';
import { lossesOf, storyOf, type Loss, type LossHop } from './losses.js';
import { checkOf, COLUMNS, rowOf, sumOf, type Row } from './table.js';

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
const INDENT = '  ';
/** Narrower than this no column of the table becomes. */
const MIN_COLUMN = 12;
const PROSE_WIDTH = 100;
const NO_BREAK = '\u00a0';

/** The table, each lost frame with its way, reason and remedy, what was not predicted, and the sum. */
export function formatTerminal(given: Report, options: TerminalOptions = {}): string {
  const report = { ...given, result: shownLines(given.result) };
  const paint: Paint = (style, text) =>
    options.color === true ? styleText(style, text, { validateStream: false }) : text;
  const { result } = report;
  const { verdicts } = result;
  const told = new Set<string>();
  const surprises = verdicts.filter(({ surprise }) => surprise !== null);
  return [
    paint('bold', result.title === null ? result.lab : `${result.lab}: ${result.title}`),
    ...formatTable(verdicts, options.width, paint),
    ...lossesOf(report).flatMap((loss) => ['', ...formatLoss(loss, told, paint)]),
    ...verdicts
      .filter(({ outcome }) => outcome === 'error' || outcome === 'skipped')
      .flatMap((verdict) => ['', ...formatUnknown(verdict, paint)]),
    ...(surprises.length > 0 ? ['', ...formatSurprises(surprises, paint)] : []),
    '',
    `${result.lab}: ${sumOf(verdicts)}`,
  ].join('\n');
}

function formatTable(
  verdicts: readonly ResultVerdict[],
  width: number | undefined,
  paint: Paint,
): readonly string[] {
  const head = Object.fromEntries(
    COLUMNS.map((name) => [name, name.toUpperCase()]),
  ) as unknown as Row;
  const rows = verdicts.map(rowOf);
  const widths = columnWidths([head, ...rows], width);
  const line = (row: Row, style: Style | undefined): readonly string[] => {
    const cells = COLUMNS.map((name, index) => wrap(row[name], widths[index] ?? 0));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, n) => {
      const texts = cells.map((cell, index) => (cell[n] ?? '').padEnd(widths[index] ?? 0));
      const last = (texts.pop() ?? '').trimEnd();
      const text = `${INDENT}${texts.join(GAP)}${GAP}`;
      return style === undefined
        ? paint('dim', `${text}${last}`.trimEnd())
        : `${text}${last && paint(style, last)}`.trimEnd();
    });
  };
  return [
    ...line(head, undefined),
    ...rows.flatMap((row, index) => line(row, OUTCOME_STYLE[verdicts[index]?.outcome ?? 'error'])),
  ];
}

/** As wide as the widest cell; where that is too much for the terminal, the widest columns give way. */
function columnWidths(rows: readonly Row[], width: number | undefined): readonly number[] {
  const widths = COLUMNS.map((name) => Math.max(...rows.map((row) => row[name].length)));
  const room = (width ?? Infinity) - INDENT.length - GAP.length * (COLUMNS.length - 1);
  const sum = (): number => widths.reduce((total, one) => total + one, 0);
  while (sum() > room) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** Lines of at most `width` characters, broken at blanks; a longer word stays whole. */
function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

const paragraph = (label: string, text: string): readonly string[] => {
  const indent = ' '.repeat(12);
  return wrap(text, PROSE_WIDTH - indent.length).map(
    (line, index) =>
      `${index === 0 ? `    ${label.padEnd(8)}` : indent}${line.replaceAll(NO_BREAK, ' ')}`,
  );
};

/** @param told - remedies that the reader has seen already; the same one is not told at length again */
function formatLoss(loss: Loss, told: Set<string>, paint: Paint): readonly string[] {
  const { blame, cases, number, intended } = loss;
  const checks = cases.map(({ verdict }) => checkOf(verdict));
  const lines = [
    `${INDENT}${paint('bold', `lost frame ${number}: the ${blame.leg} died at ${blame.at}`)}${intended ? ', as intended' : ''} (${checks.join(', ')})`,
    ...paragraph('what', storyOf(loss)),
    ...paragraph('way', loss.hops.map(markHop).join(' > ')),
    ...(blame.reason === null ? [] : paragraph('reason', blame.reason)),
  ];
  if (blame.remedy === null || told.has(blame.remedy)) return lines;
  told.add(blame.remedy);
  return [
    ...lines,
    ...paragraph('remedy', blame.remedy),
    ...(blame.source === null ? [] : paragraph('source', blame.source)),
  ];
}

/** A hop with its mark, which no end of a line may part. */
const markHop = ({ hop: { label, seen } }: LossHop): string =>
  `${label} ${seen === null ? '·' : seen ? '✓' : '✗'}`.replaceAll(' ', NO_BREAK);

const formatUnknown = (verdict: ResultVerdict, paint: Paint): readonly string[] => [
  `${INDENT}${paint('bold', `${verdict.outcome}: ${checkOf(verdict)}`)}`,
  ...paragraph('why', verdict.message),
];

const formatSurprises = (surprises: readonly ResultVerdict[], paint: Paint): readonly string[] => [
  paint(
    'yellow',
    `UNPREDICTED: the kernel did not do what the model says, in ${surprises.length} of the checks`,
  ),
  ...surprises.flatMap((verdict) => [
    `${INDENT}${paint('bold', checkOf(verdict))}`,
    ...paragraph('', verdict.surprise ?? ''),
  ]),
];
