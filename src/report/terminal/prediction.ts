import { certainDrop } from '../../hops/predict.js';
import type { Prediction } from '../../hops/prediction.js';
import type { Named } from '../../probes/inquiry.js';
import { waysOf, type PreparedCheck } from '../../probes/prepare.js';
import { placesOf } from '../table.js';
import { odds } from './text.js';

/** What the model says of each check, frame by frame, as text. */
export function formatPredictions(checks: readonly PreparedCheck[]): string {
  const blocks = checks.map((check) => {
    const { probe } = check;
    const { expect, at } = probe.check;
    const places = placesOf({ ...probe.check, probe: probe.kind });
    const intent =
      expect === 'pass' ? '' : `, expected to be blocked${at === undefined ? '' : ` at ${at}`}`;
    const ways = waysOf(check);
    const legs = ways.map((leg) => predictionLines(leg).join('\n'));
    const way = (ways[0]?.path ?? []).map((hop) => hop.label).join(' > ');
    return [`${probe.kind} ${places}${intent}`, `  way: ${way}`, ...legs].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** What is not certain: how likely it passes, where anybody knows. */
const doubtful = (probability: number | undefined, place: string): string =>
  probability === undefined
    ? `may die at ${place}`
    : `passes ${place} only by chance (${odds(probability)})`;

function predictionLines(leg: Named, prediction: Prediction = leg.prediction): readonly string[] {
  if (prediction.outcome === 'pass') return [`  ${leg.name}: arrives`];
  const { at, reason, remedy } = prediction;
  const place = leg.path[at]?.label ?? '';
  const cause = [`    reason: ${reason}`, `    remedy: ${remedy}`];
  if (prediction.outcome === 'drop') return [`  ${leg.name}: dies at ${place}`, ...cause];
  const dies = certainDrop(prediction) ? predictionLines(leg, prediction.rest) : [];
  return [`  ${leg.name}: ${doubtful(prediction.probability, place)}`, ...cause, ...dies];
}
