import type { Verdict, VerdictHop } from '../verify/verdict.js';

/** Verdicts as text for a terminal or a log. */

const SIGNS = { pass: 'PASS', fail: 'FAIL', error: 'ERROR', skipped: 'SKIP' } as const;

const mark = ({ seen }: VerdictHop): string => (seen === null ? '·' : seen ? '✓' : '✗');

/** Wrap text at word ends, later lines indented. */
function wrap(label: string, text: string, width = 100): string {
  const indent = ' '.repeat(10 + label.length);
  const lines = [`${' '.repeat(10)}${label}`];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length + 1 > width) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = line.endsWith(' ') ? line + word : `${line} ${word}`;
  }
  return lines.join('\n');
}

/**
 * One verdict: a line when all is as intended and predicted, the frame's way and the blame otherwise.
 * @param told - remedies that the reader has seen already; a reason with the same one is not told at length again
 */
export function formatVerdict(verdict: Verdict, told = new Set<string>()): string {
  const { outcome, probe, from, to, message, blame, surprise, ms } = verdict;
  const lines = [
    `  ${SIGNS[outcome].padEnd(6)} ${probe.padEnd(5)} ${from} > ${to}  ${message} (${(ms / 1000).toFixed(2)} s)`,
  ];
  if (blame) {
    const way = verdict.hops.map((hop) => `${hop.label} ${mark(hop)}`).join(' > ');
    lines.push(wrap(`${verdict.leg}:`, way));
    if (blame.reason !== null) lines.push(wrap('reason:', blame.reason));
    if (blame.remedy !== null && !told.has(blame.remedy)) {
      told.add(blame.remedy);
      lines.push(wrap('remedy:', blame.remedy));
      if (blame.source !== null) lines.push(wrap('source:', blame.source));
    }
  }
  if (surprise !== null) lines.push(wrap('UNPREDICTED:', surprise));
  return lines.join('\n');
}

/** All verdicts of a lab with a line that sums them up. */
export function formatVerdicts(lab: string, verdicts: readonly Verdict[]): string {
  const count = (outcome: Verdict['outcome']): number =>
    verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const parts = (['pass', 'fail', 'error', 'skipped'] as const)
    .filter((outcome) => outcome === 'pass' || count(outcome) > 0)
    .map((outcome) => `${count(outcome)} ${outcome}`);
  const told = new Set<string>();
  return [
    lab,
    ...verdicts.map((verdict) => formatVerdict(verdict, told)),
    `${lab}: ${parts.join(', ')}`,
  ].join('\n');
}
