import { isDeepStrictEqual } from 'node:util';
import type { Frame } from '../../../frames/frame.js';
import { plainly } from '../../../hops/device.js';
import { replaceHops } from '../../../hops/graph.js';
import { rulesOf } from '../../../hops/kinds/index.js';
import { causeBetween, predict } from '../../../hops/predict.js';
import type { Hop, HopSettings } from '../../../hops/types.js';
import { deviceOf, type CauseKind, type LostFrame } from './define.js';

/** A hop with the settings that its device really has. */
function actually(scene: LostFrame, hop: Hop): Hop {
  const device = deviceOf(scene, hop);
  if (!device) return hop;
  const { ports } = scene.model.graph.place(hop.id);
  const states = new Map(
    ports.flatMap((port) => {
      const state = deviceOf(scene, port);
      return state?.master === hop.device ? [[port.id, state] as const] : [];
    }),
  );
  const settings = { ...plainly(device), ...rulesOf(hop.kind).actual?.(hop, device, states) };
  return { ...hop, settings: { ...hop.settings, ...settings } };
}

type Entries = readonly (readonly [name: string, value: unknown])[];

/** Settings with those of ports, each by its own name. */
const leaves = (settings: object, prefix = ''): Entries =>
  Object.entries(settings).flatMap(([name, value]: [string, unknown]): Entries =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leaves(value, `${prefix}${name} `)
      : [[`${prefix}${name}`, value]],
  );

const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** What differs, said of each setting: `allmulticast is false, not true`. */
function differences(planned: HopSettings, found: HopSettings): readonly string[] {
  const was = new Map([...leaves(DEFAULTS), ...leaves(planned)]);
  const changes = leaves(found).flatMap(([name, value]) => {
    const before = was.get(name);
    return before === undefined || isDeepStrictEqual(before, value)
      ? []
      : [`${name.split(' ').at(-1) ?? name} is ${text(value)}, not ${text(before)}`];
  });
  return [...new Set(changes)];
}

/** What a device has of which the plan says nothing. */
const DEFAULTS: HopSettings = { mtu: 1500, down: false };

const isDevice = ({ settings }: Hop): boolean => settings.noDevice !== true;

/** The addresses that a frame has when the devices at its ends have other MACs than the file says. */
function reallyBetween(
  { leg: { frame, path } }: LostFrame,
  actual: readonly Hop[],
): Partial<Frame> {
  const [from, to] = [path.find(isDevice), path.at(-1)];
  return {
    src:
      frame.src === from?.settings.mac
        ? (actual.find(isDevice)?.settings.mac ?? frame.src)
        : frame.src,
    dst: frame.dst === to?.settings.mac ? (actual.at(-1)?.settings.mac ?? frame.dst) : frame.dst,
  };
}

/** What the model says of the loss with other hops on the way. */
function causeWith(scene: LostFrame, path: readonly Hop[]) {
  const { leg, model, lastSeen, firstMissed } = scene;
  const frame = { ...leg.frame, ...reallyBetween(scene, path) };
  const memory = leg.memory ?? model.world.memory;
  const really = { world: { ...model.world, memory }, graph: replaceHops(model.graph, path) };
  return causeBetween(predict(really, path, frame), lastSeen, firstMissed);
}

/** The settings of a hop, but those that may as well be as planned: with them planned the frame is dropped all the same. */
function withoutHarmless(scene: LostFrame, path: readonly Hop[], at: number): HopSettings {
  const planned: HopSettings = { ...DEFAULTS, ...scene.leg.path[at]?.settings };
  let settings: HopSettings = { ...path[at]?.settings };
  for (const name of Object.keys(settings) as (keyof HopSettings)[]) {
    const tried = { ...settings, [name]: planned[name] };
    const tryPath = path.map((hop, index) => (index === at ? { ...hop, settings: tried } : hop));
    if (causeWith(scene, tryPath)?.at === at) settings = tried;
  }
  return settings;
}

/** Without the stack that a way begins at: it is no device, and what it decides is no setting of one. */
function fromDevice(scene: LostFrame): LostFrame {
  const { leg, model } = scene;
  const skipped = leg.path.findIndex(({ id }) => model.graph.hops.has(id));
  return {
    ...scene,
    leg: { ...leg, path: leg.path.slice(skipped), frames: leg.frames.slice(skipped) },
    lastSeen: Math.max(scene.lastSeen - skipped, -1),
    firstMissed: scene.firstMissed - skipped,
  };
}

/** The model asked again, with the settings that devices really have in place of those that the file gives them. */
export const drift: CauseKind = {
  name: 'drift',
  doc: 'A device on the way has other settings than the file gives it, and with those the model knows of the drop.',
  find(whole) {
    const scene = fromDevice(whole);
    const path = scene.leg.path.map((hop) => actually(scene, hop));
    const known = causeWith(scene, path);
    const [at, found] = [scene.leg.path[known?.at ?? -1], path[known?.at ?? -1]];
    if (!known || !at || !found) return undefined;
    const changes = differences(at.settings, withoutHarmless(scene, path, known.at)).join(', ');
    return {
      at,
      reason: `${changes === '' ? '' : `${at.label} has changed: ${changes}. `}${known.reason}`,
      remedy: `Set it back, or build the lab anew. ${known.remedy}`,
      source: known.source,
    };
  },
};
