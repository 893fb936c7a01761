import { create } from 'xmlbuilder2';
import { lossesOf, lossOf, storyOf, type Loss } from './losses.js';
import { xmlText } from '../xml.js';
import { printable } from './markup.js';
import type { Report, ResultVerdict } from './result.js';
import { stepCount } from './steps.js';
import { checkOf, countsOf, rowOf } from './table.js';

/** A text as the writer of XML takes it. */
const text = (of: string): string => xmlText(printable(of));

/**
 * Verdicts as JUnit XML, in the form that Jenkins, GitLab and Azure read: a suite for the lab, a test case for each
 * check. It agrees with the exit code: what is unpredicted but as intended fails no test case; it is said on the
 * standard error of its case and counted in a property of the suite.
 */
export function formatJunit(report: Report): string {
  const { result } = report;
  const { verdicts } = result;
  const counts = countsOf(verdicts);
  const losses = lossesOf(report);
  const totals = {
    tests: verdicts.length + result.steps.length,
    failures: counts.fail + stepCount(result, 'fail'),
    errors: counts.error + stepCount(result, 'error'),
    time: seconds(result.ms),
  };
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: 'patchlab verify',
    ...totals,
  });
  const suite = root.ele('testsuite', {
    name: result.lab,
    ...totals,
    skipped: counts.skipped,
    // Without a time zone, which the schema does not know: UTC.
    timestamp: result.began.replace(/(\.\d+)?Z$/, ''),
  });
  const properties = suite.ele('properties');
  for (const [name, value] of [
    ['title', result.title],
    ['patchlab', result.patchlab],
    ['evidence', result.evidence],
    ['unpredicted', String(counts.unpredicted)],
  ] as const)
    if (value !== null) properties.ele('property', { name, value: text(value) });
  for (const verdict of verdicts) {
    const testcase = suite.ele('testcase', {
      classname: `patchlab.${result.lab}`,
      name: checkOf(verdict),
      time: seconds(verdict.ms),
    });
    const said = ELEMENTS[verdict.outcome];
    if (said !== undefined) {
      const { message } = verdict;
      testcase
        .ele(said.element, { message: text(message), ...(said.type && { type: said.type }) })
        .txt(said.type === undefined ? '' : text(lossText(lossOf(losses, verdict))));
    }
    testcase.ele('system-out').txt(text(rowText(verdict, lossOf(losses, verdict))));
    if (verdict.surprise !== null)
      testcase.ele('system-err').txt(text(`UNPREDICTED: ${verdict.surprise}`));
  }
  for (const { links, do: does, message, outcome, ms } of result.steps) {
    const testcase = suite.ele('testcase', {
      classname: `patchlab.${result.lab}`,
      name: text(`${does} ${links.join(' ')}`),
      time: seconds(ms),
    });
    const said = ELEMENTS[outcome];
    if (said?.type !== undefined)
      testcase.ele(said.element, { message: text(message), type: said.type });
    testcase.ele('system-out').txt(text(message));
  }
  return root.end({ prettyPrint: true });
}

/** What a test case holds where its check did not pass. */
const ELEMENTS: Readonly<
  Record<ResultVerdict['outcome'], { element: string; type?: string } | undefined>
> = {
  pass: undefined,
  fail: { element: 'failure', type: 'lost-or-leaked' },
  error: { element: 'error', type: 'not-found-out' },
  skipped: { element: 'skipped' },
};

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function lossText(loss: Loss | undefined): string {
  if (!loss) return '';
  const { reason, remedy, source } = loss.blame;
  return [
    storyOf(loss),
    ...(reason === null ? [] : [`reason: ${reason}`]),
    ...(remedy === null ? [] : [`remedy: ${remedy}`]),
    ...(source === null ? [] : [`source: ${source}`]),
  ].join('\n');
}

function rowText(verdict: ResultVerdict, loss: Loss | undefined): string {
  const { intended, predicted, observed } = rowOf(verdict);
  const way = verdict.hops.map(
    ({ label, seen }) => `${label} (${seen === null ? 'not visible' : seen ? 'seen' : 'not seen'})`,
  );
  return [
    `intended: ${intended}`,
    `predicted: ${predicted}`,
    `observed: ${observed}`,
    `way of the ${verdict.leg}: ${way.join(' > ')}`,
    ...(verdict.outcome === 'pass' && loss ? [lossText(loss)] : []),
  ].join('\n');
}
