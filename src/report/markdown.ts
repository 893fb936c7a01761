import { lossesOf, storyOf, type Loss } from './losses.js';
import { printable } from './markup.js';
import type { Report, ResultVerdict } from './result.js';
import { stepsBefore } from './steps.js';
import { checkOf, COLUMNS, headlineOf, rowOf } from './table.js';

/** Verdicts as GitHub-flavoured Markdown, for a pull request or the summary of a job: github.github.com/gfm. */

const MARKS = { pass: '✅', fail: '❌', error: '⚠️', skipped: '⏭️' } as const;

/** The table, what was not predicted, and a folded part for each lost frame. */
export function formatMarkdown(report: Report): string {
  const { result } = report;
  const { verdicts } = result;
  const { outcome, text: headline } = headlineOf(result);
  const surprises = verdicts.filter(({ surprise }) => surprise !== null);
  return [
    `## ${MARKS[outcome]} ${text(result.lab)}`,
    ...(result.title === null ? [] : [text(result.title)]),
    `**${text(headline)}**`,
    table(result),
    ...(surprises.length > 0 ? [alarm(surprises)] : []),
    ...verdicts
      .filter((verdict) => verdict.outcome === 'error' || verdict.outcome === 'skipped')
      .map(
        (verdict) =>
          `${MARKS[verdict.outcome]} **${text(checkOf(verdict))}:** ${text(verdict.message)}`,
      ),
    ...lossesOf(report).map(details),
    `<sub>${text(`patchlab ${result.patchlab}, ${result.began}, ${(result.ms / 1000).toFixed(1)} s`)}${result.evidence === null ? '' : `, captures: ${text(result.evidence)}`}</sub>`,
  ].join('\n\n');
}

function table(result: Report['result']): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const done = (index: number): readonly string[] =>
    stepsBefore(result, index).map(({ outcome, message }) =>
      line([
        `**${text(message)}**`,
        ...COLUMNS.slice(2).map(() => ''),
        `${MARKS[outcome]} ${outcome}`,
      ]),
    );
  return [
    line(COLUMNS),
    line(COLUMNS.map(() => '---')),
    ...result.verdicts.flatMap((verdict, index) => {
      const row = rowOf(verdict);
      return [
        ...done(index),
        line(
          COLUMNS.map((name) =>
            name === 'outcome' ? `${MARKS[verdict.outcome]} ${text(row[name])}` : text(row[name]),
          ),
        ),
      ];
    }),
    ...done(result.verdicts.length),
  ].join('\n');
}

/** An alert of GitHub: a block of its own colour. */
const alarm = (surprises: readonly ResultVerdict[]): string =>
  [
    '> [!WARNING]',
    '> **UNPREDICTED: the kernel did not do what the model says.**',
    ...surprises.flatMap((verdict) => [
      '>',
      `> **${text(checkOf(verdict))}:** ${text(verdict.surprise ?? '')}`,
    ]),
  ].join('\n');

function details(loss: Loss): string {
  const { blame, cases, legs, hops, intended, number } = loss;
  const checks = cases.map(({ verdict }) => checkOf(verdict));
  const summary = `Lost frame ${number}: the ${blame.leg} died at ${blame.at}${intended ? ', as intended' : ''}`;
  const way = hops.map(({ hop, part }) => {
    const mark = part === 'death' ? '💀 ' : '';
    const missed = hop.altered === null ? 'not seen' : `seen with ${hop.altered}`;
    const seen = hop.seen === null ? 'not visible' : hop.seen ? 'seen' : missed;
    return `| ${mark}${text(hop.label)} | ${text(hop.kind)} | ${text(hop.device)} | ${seen} |`;
  });
  return [
    // A summary is HTML: Markdown inside of it is not read.
    `<details${intended ? '' : ' open'}>\n<summary>${html(summary)}</summary>`,
    text(storyOf(loss)),
    [
      `- **Checks:** ${text(checks.join(', '))}`,
      ...(legs.length > 1
        ? [`- **Frames:** ${text(legs.map(({ name, state }) => `${name} ${state}`).join(', '))}`]
        : []),
      ...(blame.reason === null ? [] : [`- **Reason:** ${text(blame.reason)}`]),
      ...(blame.remedy === null ? [] : [`- **Remedy:** ${text(blame.remedy)}`]),
      ...(blame.source === null ? [] : [`- **Source:** ${text(blame.source)}`]),
    ].join('\n'),
    ['| hop | kind | device | the frame |', '| --- | --- | --- | --- |', ...way].join('\n'),
    '</details>',
  ].join('\n\n');
}

const html = (plain: string): string =>
  printable(plain).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text that Markdown takes as it is: one line, with every character escaped that could mean something (GFM 6.1). */
const text = (plain: string): string =>
  plain
    .split('`')
    // What the kind's authors wrote as code is code, where the marks come in pairs.
    .map((part, index, all) =>
      index % 2 === 1 && index < all.length - 1 ? code(part) : escaped(part),
    )
    .join('');

const escaped = (plain: string): string =>
  printable(plain)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]()#+~|>!@]/g, '\\$&');

/** A code span; a bar would end the cell of a table even there. */
const code = (plain: string): string =>
  `\`${printable(plain).replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
