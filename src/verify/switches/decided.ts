import type { FrameClass } from '../../frames/classes.js';
import { decodeFrame } from '../../frames/decode.js';
import type { Frame } from '../../frames/frame.js';
import { FOREIGN_MAC } from '../../frames/make.js';
import { isGroup, NO_MAC } from '../../frames/mac.js';
import { buildFrame } from '../../frames/templates/build.js';
import { ascii } from '../../frames/templates/bytes.js';
import { TOKEN_LENGTH } from '../../frames/templates/define.js';
import { frameTemplates } from '../../frames/templates/index.js';
import { emit, type Model } from '../../hops/emit.js';
import type { OvsSettings } from '../../hops/openflow/settings.js';
import type { Hop } from '../../hops/types.js';
import type { Traced } from './tables.js';

/** What a bridge of Open vSwitch would do with a frame, beside what the model says. */
export interface Decided extends Traced {
  /** Ports by which it would leave, by the names of their devices. */
  readonly sent: readonly string[];
  /** The same as the model has it, which knows of no learnt MAC; `null` where it cannot tell. */
  readonly predicted: readonly string[] | null;
  /** Do they agree? A switch that has learnt where the receiver is sends by fewer ports. */
  readonly agree: boolean | null;
}

/** A frame of a class that enters a bridge by a port, from what is behind it, for what is behind the first other port. */
export function frameAt(
  { graph }: Model,
  port: Hop,
  others: readonly Hop[],
  frameClass: FrameClass,
): { readonly bytes: Uint8Array; readonly frame: Frame } {
  const macBehind = (hop: Hop | undefined): string =>
    hop ? (graph.place(hop.id).peers[0]?.settings.mac ?? hop.settings.mac ?? NO_MAC) : NO_MAC;
  const built = buildFrame(frameTemplates[frameClass], {
    ...{ src: macBehind(port), own: macBehind(others[0]), foreign: FOREIGN_MAC },
    ...{ token: ascii('x'.repeat(TOKEN_LENGTH)), mtu: port.settings.mtu ?? 1500 },
  });
  const { length, bytes, ...read } = decodeFrame(built.bytes);
  return { bytes, frame: { ...read, payload: built.payload } };
}

/** Hold what a bridge says against the model. */
export function compareTraced(
  model: Model,
  bridge: Hop<OvsSettings>,
  port: Hop,
  frame: Frame,
  traced: Traced,
): Decided {
  const { ports } = model.graph.place(bridge.id);
  const words = traced.actions.split(/[\s,()]+/).map((word) => word.replaceAll('"', ''));
  // What leaves by a patch port is told as what leaves by the ports of the bridge behind it.
  const devices = ports.filter(({ settings }) => settings.noDevice !== true);
  const sent = devices.map(({ device }) => device).filter((device) => words.includes(device));
  const emissions = emit(model, { hop: bridge, from: port, frame });
  const isOpen = emissions.some(({ result }) => result.action === 'chance');
  const passed = emissions.flatMap(({ to, result }) =>
    to && result.action === 'pass' && to.settings.noDevice !== true ? [to.device] : [],
  );
  const predicted = [...new Set(passed)];
  const mayKnow = !isGroup(frame.dst) && sent.length > 0;
  const agree =
    sent.every((device) => predicted.includes(device)) &&
    (sent.length === predicted.length || mayKnow);
  return {
    ...{ ...traced, sent },
    predicted: isOpen ? null : predicted,
    agree: isOpen ? null : agree,
  };
}
