import { attachContainer, containerKey, type ContainerName } from '../../../containers/commands.js';
import { markOf } from '../../names.js';
import { defineResource, ip } from '../define.js';
import { readFrom } from '../look.js';

interface ContainerStack extends ContainerName {
  /** Whose network namespace has the name: one that starts again gets another. */
  readonly of: 'its container' | 'what ran before';
}

/** The network namespace of a container, under the name by which ip-netns(8) knows it. It outlasts the container by that name, and so is removed by itself. */
export const containerStack = defineResource<ContainerStack>({
  type: 'container-stack',
  noun: 'network namespace of a container',
  endsLate: true,
  stage: () => 'stacks',
  owns: ({ name }) => ({ type: 'netns', name }),
  make: (wanted) => [{ do: { tool: 'exec', argv: attachContainer(wanted, markOf('')) } }],
  remove: ({ name }) => [ip('netns', 'del', name)],
  questions: (wanted, where) => [{ where, what: 'containers', name: containerKey(wanted) }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'containers'), wanted, (all) => ({
      ...wanted,
      of: all[containerKey(wanted)]?.isAttached === true ? 'its container' : 'what ran before',
    })),
});
