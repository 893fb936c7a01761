import { defineHop, PASS, type HopSettings } from '../types.js';

/** A VRF, as the model reads it. */
export interface VrfSettings extends HopSettings {
  /** The routing table of its members. */
  readonly table: number;
  /** Names of its members. */
  readonly members: readonly string[];
}

/** A VRF: Linux drivers/net/vrf.c, Documentation/networking/vrf.rst. Frames do not cross it: it decides about packets, see src/ip. */
export const vrf = defineHop<VrfSettings>({
  kind: 'vrf',
  doc: 'A VRF: its members have a routing table of their own, for their addresses and routes. Frames come to its members as if it were not there; a packet is looked up in its table by the member that it comes by, or by the device that its socket is bound to. What the table has no route for is looked up in `main`.',
  drops: [],
  vrf: ({ settings: { table, members } }) => ({ table, members }),
  observable: () => true,
  forward: () => PASS,
});
