import { ovsLimits } from '../ovs.js';
import { through } from '../onward.js';
import { PASS, type HopKind } from '../types.js';

/** Static flows of an Open vSwitch bridge: ovs-actions(7) `output`. They know no reserved address. */
export const ovsPanel: HopKind = {
  kind: 'ovs-panel',
  doc: 'A static cross-connect of an Open vSwitch bridge: `in_port=A actions=output:B` for every frame. Its ports are captured, the flow between them cannot be.',
  drops: ['what is longer than the MTU of the port that it enters or leaves by'],
  isOpenFlow: true,
  hasFlowPerWay: true,
  next: through,
  observable: () => false,
  forward: ({ from, to }, frame) => ovsLimits(from, to, frame) ?? PASS,
};
