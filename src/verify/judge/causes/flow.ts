import { rulesOf } from '../../../hops/kinds/index.js';
import { UNANSWERED } from '../../state/inspect.js';
import type { CauseKind, LostFrame } from './define.js';

/** Does a flow of `ovs-ofctl --names dump-flows` hand on what enters one port to another? */
function joins(line: string, from: string, to: string): boolean {
  const fields = line
    .replaceAll('"', '')
    .replace('actions=', '')
    .trim()
    .split(/[\s,]+/);
  return fields.includes(`in_port=${from}`) && fields.includes(`output:${to}`);
}

/** A cross-connect of a patch panel that was removed or changed: ovs-ofctl(8). */
export const flow: CauseKind = {
  name: 'flow',
  doc: 'A patch panel has no flow for the way of the frame, or no daemon.',
  find({ leg: { path }, lastSeen, firstMissed, stackOf }: LostFrame) {
    for (const [index, hop] of path.entries()) {
      const [from, to] = [path[index - 1], path[index + 1]];
      const near = index > lastSeen && index <= firstMissed;
      const flows = stackOf(hop)?.flows.get(hop.device);
      if (rulesOf(hop.kind).hasFlowPerWay !== true || !near || !from || !to || flows === undefined)
        continue;
      if (flows.split('\n').includes(UNANSWERED))
        return {
          at: hop,
          reason: `Nobody answers for the panel (\`${hop.device}\`): ovs-vswitchd does not run, or hangs.`,
          remedy: 'Start Open vSwitch anew, then `patchlab up FILE`: it has lost the flows.',
          source: 'ovs-vswitchd(8), ovs-ofctl(8)',
        };
      if (flows.split('\n').some((line) => joins(line, from.device, to.device))) continue;
      return {
        at: hop,
        reason: `The panel (\`${hop.device}\`) has no flow from ${from.label} to ${to.label}${flows.includes('is not a bridge') ? ': the bridge itself is gone' : ''}.`,
        remedy: `Add it: \`ovs-ofctl add-flow ${hop.device} in_port=${from.device},actions=output:${to.device}\`, or build the lab anew.`,
        source: 'ovs-ofctl(8); OpenFlow: what no flow takes is dropped (fail_mode=secure)',
      };
    }
    return undefined;
  },
};
