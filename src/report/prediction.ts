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
      if (prediction?.outcome !== 'drop') return `  ${leg.name}: arrives`;
      const hop = pathOf(leg, path)[prediction.at];
      return [
        `  ${leg.name}: dies at ${hop?.label ?? ''}`,
        `    reason: ${prediction.reason}`,
        `    remedy: ${prediction.remedy}`,
      ].join('\n');
    });
    const way = path.map((hop) => hop.label).join(' > ');
    return [`${probe.kind} ${from} > ${to}${intent}`, `  way: ${way}`, ...legs].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
