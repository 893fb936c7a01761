import { parseFlow } from '../../../hops/openflow/parse-flow.js';
import { doSame, flowKey } from '../../../hops/openflow/same-flow.js';
import { isOwnStack } from '../../../where.js';
import { speaking } from '../../tools/ovs-ofctl.js';
import { defineResource } from '../define.js';
import { readFrom } from '../look.js';

interface FlowState {
  readonly bridge: string;
  /** Table, priority and fields, as ovs-ofctl(8) has them. */
  readonly match: string;
  readonly actions: string;
  /** Versions of OpenFlow that may be spoken with the bridge; as ovs-ofctl(8) does when left out. */
  readonly versions?: string;
}

const textOf = ({ match, actions }: FlowState): string => `${match},actions=${actions}`;

const add = (wanted: FlowState) => {
  const { bridge, versions } = wanted;
  const flow = textOf(wanted);
  return [{ do: { tool: 'ovs-ofctl', bridge, flow, ...(versions && { versions }) } as const }];
};

/** An OpenFlow flow: ovs-ofctl(8), ovs-actions(7). To add one that is there with the same match puts it in its place. */
export const flow = defineResource<FlowState>({
  type: 'flow',
  noun: 'flow',
  stage: (where) => (isOwnStack(where) ? 'flows' : 'inside'),
  make: add,
  remove({ bridge, match, versions }) {
    const argv = ['ovs-ofctl', ...speaking(versions), '--strict', 'del-flows', bridge, match];
    return [{ do: { tool: 'exec', argv } }];
  },
  change: (old, wanted) =>
    old.match === wanted.match ? add(wanted) : 'a flow is known by what it matches',
  questions: ({ bridge }, where) => [{ where, what: 'flows', name: bridge }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'flows'), wanted, (all) => {
      const own = parseFlow(textOf(wanted));
      const real = all[wanted.bridge]?.get(flowKey(own));
      if (!real || doSame(real, own)) return real && wanted;
      return { ...wanted, actions: real.text.replace(/^.*actions=/, '') };
    }),
});
