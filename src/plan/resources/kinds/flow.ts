import { defineResource } from '../define.js';
import { readFrom } from '../look.js';

interface FlowState {
  readonly bridge: string;
  /** Priority and fields, as ovs-ofctl(8) has them. */
  readonly match: string;
  readonly actions: string;
}

const add = ({ bridge, match, actions }: FlowState) => [
  { do: { tool: 'ovs-ofctl', bridge, flow: `${match},actions=${actions}` } as const },
];

/** A line of `ovs-ofctl dump-flows --no-stats`. */
const split = (line: string): Pick<FlowState, 'match' | 'actions'> => {
  const [match = '', actions = ''] = line.trim().split(/[ ,]*actions=/);
  return { match, actions };
};

/** What a flow matches, in an order of its own; a cookie of zero says nothing. */
const fieldsOf = (match: string): string =>
  match
    .split(/[ ,]+/)
    .filter((field) => field !== '' && field !== 'cookie=0x0')
    .sort()
    .join();

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
  questions: ({ bridge }, where) => [{ where, what: 'flows', name: bridge }],
  read: ({ bridge, match, actions }, look, { where }) =>
    readFrom(look(where, 'flows'), { bridge, match, actions }, (all) => {
      const lines = all[bridge];
      if (!lines) return undefined;
      const wanted = fieldsOf(match);
      const real = lines.map(split).find((one) => fieldsOf(one.match) === wanted);
      return real && { bridge, match, actions: real.actions };
    }),
});
