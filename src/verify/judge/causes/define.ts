import type { Hop } from '../../../hops/types.js';
import type { Model } from '../../../hops/emit.js';
import type { DeviceState } from '../../../hops/device.js';
import type { Leg } from '../../../probes/define.js';
import type { LegNote } from '../../capture/leg-notes.js';
import type { StackState } from '../../state/inspect.js';

/** Something that was lost on its way, and how the devices around the place really are. */
export interface Incident {
  readonly path: readonly Hop[];
  /** Index of the last hop that saw it, -1 where none did. */
  readonly lastSeen: number;
  /** Index of the first hop after that which could have seen it and did not. */
  readonly firstMissed: number;
  /** Why hops are gone, by id. */
  readonly gone: ReadonlyMap<string, string>;
  /** The stack of a hop; nothing where it cannot be looked at. */
  readonly stackOf: (hop: Hop) => StackState | undefined;
}

/** A frame that was lost. */
export interface LostFrame extends Incident {
  readonly leg: Leg;
  /** All frames of the probe, in their order. */
  readonly legs: readonly Leg[];
  /** The model of the lab as its file has it. */
  readonly model: Model;
  /** What captures tell of it, and of the frame before it. */
  readonly note?: LegNote | undefined;
  readonly before?: LegNote | undefined;
  /** Addresses that the topology gives the device of a hop. */
  readonly addressesOf: (hop: Hop) => readonly string[];
}

/** Why a frame was lost, as far as the state of devices shows it. */
export interface Explanation {
  readonly at: Hop;
  readonly reason: string;
  readonly remedy: string;
  /** Standard, kernel source or manual page. */
  readonly source: string;
}

/**
 * One way in which a lab can come to differ from its file so that frames are lost: one file, one descriptor, one
 * line in the registry.
 */
export interface CauseKind<S extends Incident = LostFrame> {
  readonly name: string;
  /** One sentence for the documentation. */
  readonly doc: string;
  find(scene: S): Explanation | undefined;
}

/** The hops that may have dropped the frame, in its direction. */
export const suspectsIn = ({ path, lastSeen, firstMissed }: Incident): readonly Hop[] =>
  path.slice(Math.max(lastSeen, 0), firstMissed + 1);

/** The device of a hop; nothing where it is gone, is none, or cannot be looked at. */
export const deviceOf = ({ stackOf }: Incident, hop: Hop): DeviceState | undefined =>
  stackOf(hop)?.devices.get(hop.device);

/** The first suspect for which something is found. */
export function firstOf(
  scene: Incident,
  find: (hop: Hop, device: DeviceState | undefined) => Omit<Explanation, 'at'> | undefined,
): Explanation | undefined {
  for (const hop of suspectsIn(scene)) {
    const found = find(hop, deviceOf(scene, hop));
    if (found) return { at: hop, ...found };
  }
  return undefined;
}
