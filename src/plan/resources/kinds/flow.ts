import { defineResource } from '../define.js';

interface FlowState {
  readonly bridge: string;
  /** Priority and fields, as ovs-ofctl(8) has them. */
  readonly match: string;
  readonly actions: string;
}

const add = ({ bridge, match, actions }: FlowState) => [
  { do: { tool: 'ovs-ofctl', bridge, flow: `${match},actions=${actions}` } as const },
];

/** An OpenFlow flow: ovs-ofctl(8), ovs-actions(7). To add one that is there with the same match puts it in its place. */
export const flow = defineResource<FlowState>({
  type: 'flow',
  noun: 'flow',
  stage: () => 'flows',
  make: add,
  remove: ({ bridge, match }) => [
    { do: { tool: 'exec', argv: ['ovs-ofctl', '--strict', 'del-flows', bridge, match] } },
  ],
  change: (old, wanted) =>
    old.match === wanted.match ? add(wanted) : 'a flow is known by what it matches',
});
