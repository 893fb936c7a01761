import { frameOf } from '../../src/frames/make.js';
import type { FrameClass } from '../../src/frames/classes.js';
import { customerTag, type Frame } from '../../src/frames/frame.js';
import {
  PLAIN_BRIDGE,
  PLAIN_PORT,
  type BridgePort,
  type BridgeSettings,
} from '../../src/hops/bridge-settings.js';
import { joinFragments } from '../../src/hops/graph.js';
import { modelOf, type LabModel } from '../../src/hops/model.js';
import { predict } from '../../src/hops/predict.js';
import type { Prediction } from '../../src/hops/prediction.js';
import { lowerEdge, portEdge, wireEdge, type Hop, type HopEdge } from '../../src/hops/types.js';

/** Hops, frames and graphs made by hand. */

export const hop = (id: string, kind: string, settings: object = {}, stack = '@host'): Hop => ({
  ...{ id, kind, stack, where: { machine: 'local' }, device: id, label: id },
  settings: settings,
});

/** Settings of a bridge with ports of these settings, by their ids. */
export const bridgeWith = (
  settings: Partial<BridgeSettings> = {},
  ports: Readonly<Record<string, Partial<BridgePort>>> = {},
): BridgeSettings => ({
  ...PLAIN_BRIDGE,
  ...settings,
  ports: Object.fromEntries(
    Object.entries(ports).map(([id, port]) => [id, { ...PLAIN_PORT, ...port }]),
  ),
});

/** A frame of a class with other addresses, and perhaps a tag. */
export const frame = (
  name: FrameClass,
  src: string,
  dst: string,
  more: Partial<Frame> & { readonly vlan?: number | undefined } = {},
): Frame => {
  const { joined, ...made } = frameOf(name, { from: { mac: src }, to: { mac: dst } });
  const { vlan, ...rest } = more;
  return { ...made, dst, vlans: vlan === undefined ? [] : [customerTag(vlan)], ...rest };
};

const SWITCHES = ['bridge', 'ovs-switch', 'ovs-panel', 'redirect'];
const UPPERS = ['macvlan', 'macvtap', 'vlan'];

/** How two hops that follow each other on a path are joined, by their kinds. */
function edgeOf(a: Hop, b: Hop): HopEdge {
  if (SWITCHES.includes(b.kind)) return portEdge(a.id, b.id);
  if (SWITCHES.includes(a.kind)) return portEdge(b.id, a.id);
  if (a.kind === 'nic' && b.kind === 'macvtap') return lowerEdge(a.id, b.id);
  if (b.kind === 'nic' && a.kind === 'macvtap') return lowerEdge(b.id, a.id);
  if (UPPERS.includes(a.kind)) return lowerEdge(a.id, b.id);
  if (UPPERS.includes(b.kind)) return lowerEdge(b.id, a.id);
  return wireEdge(a.id, b.id);
}

/** A lab of one path, and edges beside it. */
export const pathModel = (
  path: readonly Hop[],
  beside: { readonly hops: readonly Hop[]; readonly edges: readonly HopEdge[] } = {
    hops: [],
    edges: [],
  },
): LabModel => {
  const edges = path.slice(1).map((next, index) => edgeOf(path[index] ?? next, next));
  return modelOf(joinFragments([{ hops: path, edges }, beside]));
};

/** What comes from a wire at the first hop of a path. */
const OUTSIDE = hop('outside', 'udp');

/** What the model says of a frame on a path by itself, which it enters from a wire where its first hop is but a part of a way. */
export function along(path: readonly Hop[], sent: Frame): Prediction {
  const [first, second] = path;
  const isPart = second && first?.kind !== 'nic' && [...SWITCHES, ...UPPERS].includes(second.kind);
  if (!first || !isPart) return predict(pathModel(path), path, sent);
  const edges = [wireEdge(OUTSIDE.id, first.id)];
  return without(predict(pathModel(path, { hops: [OUTSIDE], edges }), [OUTSIDE, ...path], sent));
}

/** The prediction for a path without its first hop. */
function without(prediction: Prediction): Prediction {
  if (prediction.outcome === 'pass') return prediction;
  const at = prediction.at - 1;
  if (prediction.outcome === 'drop') return { ...prediction, at };
  return { ...prediction, at, rest: without(prediction.rest) };
}
