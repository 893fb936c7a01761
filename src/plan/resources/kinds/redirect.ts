import { defineResource, type Act } from '../define.js';
import { readFrom } from '../look.js';

const tc = (...argv: readonly string[]): Act => ({ do: { tool: 'exec', argv: ['tc', ...argv] } });

interface Redirect {
  readonly from: string;
  readonly to: string;
  /** Both are inside a node. */
  readonly inside?: true;
}

/** What a device receives is sent out by another: tc-mirred(8). The filter goes with its device. */
export const redirect = defineResource<Redirect>({
  type: 'redirect',
  noun: 'redirection',
  stage: (_, { inside }) => (inside ? 'inside' : 'switches'),
  make: ({ from, to }) => [
    {
      ...tc('qdisc', 'add', 'dev', from, 'ingress'),
      why: `let ${from} filter what it receives`,
    },
    {
      ...tc(
        ...['filter', 'add', 'dev', from, 'ingress', 'protocol', 'all'],
        // u32 with a mask of zeros fits everything; unlike matchall, old and small kernels have it.
        ...['u32', 'match', 'u32', '0', '0'],
        ...['action', 'mirred', 'egress', 'redirect', 'dev', to],
      ),
      name: 'filter',
    },
  ],
  remove: ({ from }) => [tc('qdisc', 'del', 'dev', from, 'ingress')],
  questions: ({ from }, where) => [{ where, what: 'ingress', name: from }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'ingress'), wanted, (all) =>
      all[wanted.from]?.includes(`to device ${wanted.to})`) ? wanted : undefined,
    ),
});
