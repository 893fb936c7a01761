import { replaceHops } from '../../hops/graph.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { Model } from '../../hops/emit.js';
import { predict } from '../../hops/predict.js';
import type { Leg } from '../../probes/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';

/** Why something arrives that was meant to be blocked: the setting without which the model says that it would not. */

function settingOn(model: Model, { path, frame }: Leg): string | undefined {
  const devices = path.filter(({ id }) => model.graph.hops.has(id));
  for (const hop of devices)
    for (const [setting, settings] of rulesOf(hop.kind).permits?.(hop) ?? []) {
      const plain = { ...hop, settings };
      const changed = devices.map((other) => (other.id === hop.id ? plain : other));
      const really = { ...model, graph: replaceHops(model.graph, [plain]) };
      if (predict(really, changed, frame).outcome !== 'pass')
        return `\`${setting}\` of ${hop.label}`;
    }
  return undefined;
}

/** The setting that lets a check through, as a sentence; nothing where it is no single one, or not expected to be blocked. */
export function letThrough(model: Model, { legs }: PreparedCheck): string | undefined {
  for (const leg of legs) {
    const setting = settingOn(model, leg);
    if (setting !== undefined) return `${setting} lets the ${leg.name} through.`;
  }
  return undefined;
}
