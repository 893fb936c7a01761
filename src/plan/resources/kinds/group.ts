import { parseGroup, sameGroup } from '../../../hops/openflow/group.js';
import { isOwnStack } from '../../../where.js';
import { speaking } from '../../tools/ovs-ofctl.js';
import { defineResource, type Act } from '../define.js';
import { readFrom } from '../look.js';

interface GroupState {
  readonly bridge: string;
  /** As ovs-ofctl(8) takes it. */
  readonly text: string;
  /** Number of the group. */
  readonly group: number;
  /** Versions of OpenFlow that may be spoken with the bridge. */
  readonly versions: string;
}

const ofctl = ({ bridge, versions }: GroupState, command: string, text: string): Act => ({
  do: { tool: 'exec', argv: ['ovs-ofctl', ...speaking(versions), command, bridge, text] },
});

/** A group of OpenFlow, to which flows hand frames: ovs-ofctl(8) `Group Syntax`. With it go the flows that use it. */
export const group = defineResource<GroupState>({
  type: 'group',
  noun: 'group',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make: (wanted) => [ofctl(wanted, 'add-group', wanted.text)],
  remove: (wanted) => [ofctl(wanted, 'del-groups', `group_id=${wanted.group}`)],
  change: (old, wanted) =>
    old.group === wanted.group
      ? [ofctl(wanted, 'mod-group', wanted.text)]
      : 'a group is known by its number',
  questions: ({ bridge }, where) => [{ where, what: 'groups', name: bridge }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'groups'), wanted, (all) => {
      const real = all[wanted.bridge]?.get(wanted.group);
      if (real === undefined) return undefined;
      const [is, own] = [real, wanted.text].map((text) => parseGroup(text));
      return is && own && sameGroup(is, own) ? wanted : { ...wanted, text: real };
    }),
});
