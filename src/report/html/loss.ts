import { watch } from '../commands.js';
import { storyOf, tellKernel, type Loss, type LossHop, type LossLeg } from '../losses.js';
import { markup, type Markup } from '../markup.js';
import type { Report } from '../result.js';
import { checkOf } from '../table.js';
import { commandBlock, icon, prose } from './parts.js';
import { THIS_HOST } from '../../topology/lab.js';

/** A lost frame: the conversation that it belongs to, its way hop by hop, the reason, the remedy, how to see it. */
export function lossCard(loss: Loss, report: Report): Markup {
  const { blame, cases, intended, legs, number } = loss;
  const checks = cases.map(({ verdict }) => checkOf(verdict));
  return markup`<article class="loss" id="loss-${number}" aria-labelledby="loss-${number}-title">
<header><h3 id="loss-${number}-title">Lost frame ${number}: the ${blame.leg} died at ${blame.at}</h3>
<span class="tag ${intended ? 'pass' : 'fail'}">${intended ? 'as the topology wants' : 'not as intended'}</span></header>
<p class="dim small">In ${checks.length === 1 ? 'the check' : 'the checks'} ${checks.join(', ')}</p>
<p>${storyOf(loss)}</p>
${
  legs.length > 1 &&
  markup`<p class="step">The conversation</p>
<ol class="legs">${legs.map(legItem)}</ol>`
}
<p class="step">The way of the ${blame.leg}</p>
${strip(loss.hops)}
<dl class="why">
<dt>Why</dt><dd>${blame.reason === null ? 'The model knows of nothing here that would drop it.' : prose(blame.reason)}</dd>
${blame.kernel !== undefined && markup`<dt>The kernel</dt><dd>${prose(tellKernel(blame.kernel))}</dd>`}
${blame.remedy !== null && markup`<dt>What to do</dt><dd>${prose(blame.remedy)}</dd>`}
${blame.source !== null && markup`<dt>Source</dt><dd class="dim small">${prose(blame.source)}</dd>`}
</dl>
<details><summary>Watch it die</summary>
<p class="small dim">One terminal each, while the lab is up. The option <code>-p</code> keeps tcpdump from changing what a device receives.</p>
${commandBlock(watch(loss, report))}</details>
</article>
`;
}

const LEG_STATES = {
  arrived: { mark: 'pass', style: 'arrived' },
  lost: { mark: 'fail', style: 'lost' },
  'never sent': { mark: 'none', style: 'never' },
} as const;

const legItem = ({ name, state }: LossLeg): Markup =>
  markup`<li class="${LEG_STATES[state].style}">${icon(LEG_STATES[state].mark)} ${name} <span class="small">${state}</span></li>`;

/** The hops, those of one machine or namespace together. */
function strip(hops: readonly LossHop[]): Markup {
  const groups: { stack: string; hops: LossHop[] }[] = [];
  for (const one of hops) {
    const last = groups.at(-1);
    if (last?.stack === one.hop.stack) last.hops.push(one);
    else groups.push({ stack: one.hop.stack, hops: [one] });
  }
  return markup`<ol class="strip">${groups.map(
    ({ stack, hops: inside }) =>
      markup`<li><span class="where">${stack === THIS_HOST ? 'this host' : stack}</span><ol>${inside.map(hopItem)}</ol></li>`,
  )}</ol>`;
}

function hopItem({ hop, part }: LossHop): Markup {
  const { stack, label, kind, device, seen, altered } = hop;
  const onHost = stack === THIS_HOST;
  const view = seen === null ? 'no view' : seen ? 'seen' : (altered ?? 'not seen');
  // Nobody wonders that a frame is not seen after it died: that is no news.
  const mark = seen === true ? 'pass' : seen === null || part === 'beyond' ? 'none' : 'fail';
  return markup`<li class="hop ${part}"><b>${onHost ? label : device}</b><span class="device">${onHost ? device : kind}</span>
${part === 'death' && markup`<span class="fate">✗ died here</span>`}
<span class="seen">${icon(mark)}${view}</span></li>`;
}
