import { reproduce } from '../commands.js';
import { drawSvg, STATE_WORDS } from '../draw/svg.js';
import { lossesOf, lossOf, type Loss } from '../losses.js';
import { markup, Markup } from '../markup.js';
import type { Report, ResultVerdict } from '../result.js';
import type { StepResult } from '../../verify/steps/step.js';
import { stepsBefore } from '../steps.js';
import { checkOf, COLUMNS, headlineOf, rowOf } from '../table.js';
import { lossCard } from './loss.js';
import { commandBlock, icon, outcomeIcon } from './parts.js';
import { PAGE_STYLE } from './style.js';

/**
 * A report as one page that needs nothing else: no script, no file beside it, no network. Its policy forbids them
 * too, so that not even a mistake here could run what a topology says.
 */
export async function formatHtml(report: Report): Promise<string> {
  const { result, source } = report;
  const { verdicts } = result;
  const { outcome, text: headline } = headlineOf(result);
  const losses = lossesOf(report);
  const surprises = verdicts.filter(({ surprise }) => surprise !== null);
  const unknown = verdicts.filter((one) => one.outcome === 'error' || one.outcome === 'skipped');
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="patchlab ${result.patchlab}">
<title>${result.lab}: ${outcome}</title>
<link rel="icon" href="data:,">
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${result.title ?? result.lab}</h1>
<p class="dim small">Lab <b>${result.lab}</b>, verified <time datetime="${result.began}">${dateOf(result.began)}</time> in ${(result.ms / 1000).toFixed(1)} s</p>
<p class="headline ${outcome}">${outcomeIcon(outcome)} <span>${headline}</span></p>
${surprises.length > 0 && alarm(surprises)}
${
  losses.length > 0 &&
  markup`<ul class="short">${losses.map(
    ({ number, blame }) =>
      markup`<li>${icon('fail')} <a href="#loss-${number}">Frame ${number}</a>: the ${blame.leg} died at <b>${blame.at}</b></li>`,
  )}</ul>`
}
</header>
<main>
<section aria-labelledby="drawing"><h2 id="drawing">The lab</h2>
<figure><div class="drawing">${await drawSvg(report)}</div>
<figcaption><ul class="legend">${(['pass', 'fail', 'warn', 'none'] as const).map(legendItem)}
${losses.length > 0 && markup`<li><b aria-hidden="true">✗</b> a frame was lost here; its number leads to its story</li>`}</ul></figcaption></figure></section>
<section aria-labelledby="checks"><h2 id="checks">What was checked</h2>
${table(result, losses)}</section>
${
  unknown.length > 0 &&
  markup`<section aria-labelledby="unknown"><h2 id="unknown">What could not be found out</h2>
<ul>${unknown.map((verdict) => markup`<li><b>${checkOf(verdict)}:</b> ${verdict.message}</li>`)}</ul></section>`
}
${
  losses.length > 0 &&
  markup`<section aria-labelledby="losses"><h2 id="losses">${losses.length === 1 ? 'The lost frame' : `The ${losses.length} lost frames`}</h2>
${losses.map((loss) => lossCard(loss, report))}</section>`
}
<section aria-labelledby="reproduce"><h2 id="reproduce">Do it again</h2>
${commandBlock(reproduce(report))}
${source && markup`<details><summary>${source.file}</summary><pre>${source.text}</pre></details>`}</section>
</main>
<footer class="dim small">patchlab ${result.patchlab}${result.evidence !== null && markup`; captures in <code>${result.evidence}</code>`}</footer>
</body>
</html>
`;
  return page.text;
}

/** `2026-11-21 08:50 UTC`. */
const dateOf = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

const alarm = (surprises: readonly ResultVerdict[]): Markup =>
  markup`<section class="alarm" role="alert" aria-labelledby="alarm"><h2 id="alarm">${icon('warn')} Unpredicted: the kernel did not do what the model says</h2>
${surprises.map((verdict) => markup`<p><b>${checkOf(verdict)}:</b> ${verdict.surprise}</p>`)}</section>`;

const legendItem = (state: 'pass' | 'fail' | 'warn' | 'none'): Markup =>
  markup`<li class="pl-lab ${state}"><svg width="34" height="10" viewBox="0 0 34 10" aria-hidden="true"><path class="wire ${state}" d="M1 5h32"/></svg>${icon(state)} ${STATE_WORDS[state]}</li>`;

function table(result: Report['result'], losses: readonly Loss[]): Markup {
  const { verdicts } = result;
  const done = (index: number): readonly Markup[] => stepsBefore(result, index).map(stepLine);
  return markup`<div class="scroll"><table>
<caption class="hidden">What the topology wants, what the model predicts and what the captures saw, for each check</caption>
<thead><tr>${COLUMNS.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${verdicts.map((verdict, index) => markup`${done(index)}${line(verdict, lossOf(losses, verdict))}`)}${done(verdicts.length)}</tbody>
</table></div>`;
}

/** What was done between two checks, across the whole table. */
const stepLine = ({ outcome, message }: StepResult): Markup =>
  markup`<tr class="${outcome}"><th scope="row" colspan="${String(COLUMNS.length - 1)}">${message}</th><td class="outcome">${outcomeIcon(outcome)} ${outcome}</td></tr>
`;

function line(verdict: ResultVerdict, loss: Loss | undefined): Markup {
  const row = rowOf(verdict);
  const odd = verdict.surprise !== null;
  return markup`<tr class="${odd && verdict.outcome === 'pass' ? 'warn' : verdict.outcome}"><th scope="row">${row.probe}</th><td>${row.from}</td><td>${row.to}</td>
<td>${row.intended}</td><td${odd && new Markup(' class="differs"')}>${row.predicted}</td><td${odd && new Markup(' class="differs"')}>${row.observed}${loss && markup` <a href="#loss-${loss.number}">frame ${loss.number}</a>`}</td>
<td class="outcome">${outcomeIcon(verdict.outcome)} ${row.outcome}</td></tr>
`;
}
