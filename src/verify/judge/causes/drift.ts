import { plainly } from '../../../hops/device.js';
import { rulesOf } from '../../../hops/kinds/index.js';
import { causeBetween, predict } from '../../../hops/predict.js';
import type { Hop, HopSettings } from '../../../hops/types.js';
import { deviceOf, type CauseKind, type Scene } from './define.js';

/** A hop with the settings that its device really has. */
function actually(scene: Scene, hop: Hop): Hop {
  const device = deviceOf(scene, hop);
  if (!device) return hop;
  const ports = new Map(
    scene.path.flatMap((other) => {
      const state = other.stack === hop.stack ? deviceOf(scene, other) : undefined;
      return state?.master === hop.device ? [[other.id, state] as const] : [];
    }),
  );
  const settings = { ...plainly(device), ...rulesOf(hop.kind).actual?.(hop, device, ports) };
  return { ...hop, settings: { ...hop.settings, ...settings } };
}

/** What differs, said of each setting: `allmulticast is false, not true`. */
const differences = (planned: HopSettings, found: HopSettings): readonly string[] =>
  Object.entries(found).flatMap(([name, value]) => {
    const was = planned[name] ?? DEFAULTS[name.split(' ')[0] ?? ''];
    return was === undefined || was === value
      ? []
      : [`${name.split(' ')[0]} is ${String(value)}, not ${String(was)}`];
  });

/** What a device has of which the plan says nothing. */
const DEFAULTS: HopSettings = { mtu: 1500, down: false, isolated: false, stp: false, vlans: '' };

/** The addresses that a frame has when the devices at its ends have other MACs than the file says. */
function reallyBetween({ frame, path }: Scene, actual: readonly Hop[]) {
  const [from, to] = [path[0], path.at(-1)];
  return {
    src: frame.src === from?.settings.mac ? (actual[0]?.settings.mac ?? frame.src) : frame.src,
    dst: frame.dst === to?.settings.mac ? (actual.at(-1)?.settings.mac ?? frame.dst) : frame.dst,
  };
}

/** The model asked again, with the settings that devices really have in place of those that the file gives them. */
export const drift: CauseKind = {
  name: 'drift',
  doc: 'A device on the way has other settings than the file gives it, and with those the model knows of the drop.',
  find(scene) {
    const path = scene.path.map((hop) => actually(scene, hop));
    const frame = { ...scene.frame, ...reallyBetween(scene, path) };
    const known = causeBetween(predict(path, frame), scene.lastSeen, scene.firstMissed);
    const [at, found] = [scene.path[known?.at ?? -1], path[known?.at ?? -1]];
    if (!known || !at || !found) return undefined;
    const changes = differences(at.settings, found.settings).join(', ');
    return {
      at,
      reason: `${changes === '' ? '' : `${at.label} has changed: ${changes}. `}${known.reason}`,
      remedy: `Set it back, or build the lab anew. ${known.remedy}`,
      source: known.source,
    };
  },
};
