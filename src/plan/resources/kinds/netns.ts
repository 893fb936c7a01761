import { defineResource, ip, isThisHost } from '../define.js';
import { readFrom } from '../look.js';

/** A network namespace: ip-netns(8). */
export const netns = defineResource<{ readonly name: string }>({
  type: 'netns',
  noun: 'network namespace',
  endsLate: true,
  stage: (where) => (isThisHost(where) ? 'stacks' : 'inside'),
  owns: ({ name }, where) => (isThisHost(where) ? { type: 'netns', name } : undefined),
  make: ({ name }) => [ip('netns', 'add', name)],
  remove: ({ name }) => [ip('netns', 'del', name)],
  questions: (_, where) => (isThisHost(where) ? [] : [{ where, what: 'namespaces' }]),
  read: (wanted, look, { where }) =>
    isThisHost(where)
      ? wanted
      : readFrom(look(where, 'namespaces'), wanted, (names) =>
          names.includes(wanted.name) ? wanted : undefined,
        ),
});
