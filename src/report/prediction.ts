import { certainDrop, type Prediction } from '../hops/predict.js';
import type { Hop } from '../hops/types.js';
import type { Leg } from '../probes/define.js';
import type { PreparedCheck } from '../probes/prepare.js';
import { pathOf } from '../probes/prepare.js';

/** What the model says of each check, frame by frame, as text. */
export function formatPredictions(checks: readonly PreparedCheck[]): string {
  const blocks = checks.map((check) => {
    const { probe, path, predictions } = check;
    const { from, to, expect, at } = probe.check;
    const intent =
      expect === 'pass' ? '' : `, expected to be blocked${at === undefined ? '' : ` at ${at}`}`;
    const legs = probe.legs.map((leg, index) => {
      const prediction = predictions[index];
      return prediction ? predictionLines(leg, path, prediction).join('\n') : '';
    });
    const way = path.map((hop) => hop.label).join(' > ');
    return [`${probe.kind} ${from} > ${to}${intent}`, `  way: ${way}`, ...legs].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** How often chance decides so: 1 in N. */
const odds = (probability: number): string => `1 in ${Math.round(1 / probability)}`;

function predictionLines(
  leg: Leg,
  path: readonly Hop[],
  prediction: Prediction,
): readonly string[] {
  if (prediction.outcome === 'pass') return [`  ${leg.name}: arrives`];
  const { at, reason, remedy } = prediction;
  const place = pathOf(leg, path)[at]?.label ?? '';
  const cause = [`    reason: ${reason}`, `    remedy: ${remedy}`];
  if (prediction.outcome === 'drop') return [`  ${leg.name}: dies at ${place}`, ...cause];
  const dies = certainDrop(prediction) ? predictionLines(leg, path, prediction.rest) : [];
  return [
    `  ${leg.name}: passes ${place} only by chance (${odds(prediction.probability)})`,
    ...cause,
    ...dies,
  ];
}
