import { ovsLimits } from '../ovs.js';
import { through } from '../onward.js';
import { drop } from '../outcome.js';
import { defineHop, PASS, type HopSettings } from '../types.js';

export interface PanelSettings extends HopSettings {
  /** The patch of its file is not made: somebody has patched the panel otherwise. How that is mended. */
  readonly unpatched?: string;
}

/** Static flows of an Open vSwitch bridge: ovs-actions(7) `output`. They know no reserved address. */
export const ovsPanel = defineHop<PanelSettings>({
  kind: 'ovs-panel',
  doc: 'A static cross-connect of an Open vSwitch bridge: `in_port=A actions=output:B` for every frame. Its ports are captured, the flow between them cannot be.',
  drops: [
    'what is longer than the MTU of the port that it enters or leaves by',
    'everything between ports that `patchlab patch` has parted',
  ],
  isOpenFlow: true,
  hasFlowPerWay: true,
  next: through,
  observable: () => false,
  forward({ hop, from, to }, frame) {
    const { unpatched } = hop.settings;
    if (unpatched === undefined) return ovsLimits(from, to, frame) ?? PASS;
    return drop(
      `${hop.label} has no patch from ${from?.label ?? 'there'} to ${to?.label ?? 'there'}: it was patched otherwise than its file says.`,
      unpatched,
      'ovs-vswitchd.conf.db(5): fail_mode secure; no flow takes the frame',
    );
  },
});
