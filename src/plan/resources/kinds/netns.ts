import { isOwnStack } from '../../../where.js';
import { defineResource, ip } from '../define.js';
import { readFrom } from '../look.js';

/** A network namespace: ip-netns(8). */
export const netns = defineResource<{ readonly name: string }>({
  type: 'netns',
  noun: 'network namespace',
  endsLate: true,
  stage: (where) => (isOwnStack(where) ? 'stacks' : 'inside'),
  owns: ({ name }, where) => (isOwnStack(where) ? { type: 'netns', name } : undefined),
  make: ({ name }) => [ip('netns', 'add', name)],
  remove: ({ name }) => [ip('netns', 'del', name)],
  questions: (_, where) => (isOwnStack(where) ? [] : [{ where, what: 'namespaces' }]),
  read: (wanted, look, { where }) =>
    isOwnStack(where)
      ? wanted
      : readFrom(look(where, 'namespaces'), wanted, (names) =>
          names.includes(wanted.name) ? wanted : undefined,
        ),
});
