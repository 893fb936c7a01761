import { GROUP_TYPES, groupsIn, parseGroup, type GroupRule } from '../hops/openflow/group.js';
import { parseFlow } from '../hops/openflow/parse-flow.js';

/** Groups of OpenFlow of a bridge in a node. */

interface Groups {
  readonly groups: readonly string[];
  readonly flows: readonly string[];
  readonly protocols: readonly string[];
}

interface GroupProblem {
  readonly path: readonly ['groups' | 'flows', number];
  readonly fix: string;
}

/** What Open vSwitch wants of a group by its type: lib/ofp-group.c, ofputil_check_group_mod, parse_bucket_str. */
const WANTED: readonly (readonly [(group: GroupRule) => boolean, fix: string])[] = [
  [
    ({ type, buckets }) => type !== 'indirect' || buckets.length === 1,
    'write one bucket: an indirect group has no other number of them',
  ],
  [
    ({ type, buckets }) => type === 'select' || buckets.every(({ weight }) => weight === undefined),
    'take `weight` out: buckets of groups of type select alone have one',
  ],
  [
    ({ type, buckets }) => type !== 'ff' || buckets.every(isWatching),
    'write `watch_port` or `watch_group` at each bucket: what is alive with nothing cannot fail',
  ],
  [
    ({ type, buckets }) => type === 'ff' || type === 'select' || !buckets.some(isWatching),
    'take `watch_port` and `watch_group` out: only groups of type ff and select look at them',
  ],
];

const isWatching = ({ port, group }: GroupRule['buckets'][number]): boolean =>
  port !== undefined || group !== undefined;

const FORM = `write \`group_id=NUMBER,type=TYPE,bucket=ACTIONS\`, with one of the types ${GROUP_TYPES.join(', ')}`;

/** What of groups, and of the flows that use them, Open vSwitch would refuse, and how that is mended. */
export function groupProblems(
  { groups, flows, protocols }: Groups,
  numberOf: (port: string) => number | undefined,
): readonly GroupProblem[] {
  const isOld = protocols.length > 0 && protocols.every((one) => one === 'OpenFlow10');
  const before = new Set<number>();
  const fixOf = (group: GroupRule | undefined): string | undefined => {
    if (isOld) return 'let the bridge speak OpenFlow11 or later: OpenFlow10 has no groups';
    if (!group) return FORM;
    if (before.has(group.id)) return 'give it another `group_id`: a group before it has the same';
    if (group.buckets.flatMap(({ actions }) => groupsIn(actions)).some((id) => !before.has(id)))
      return 'write the group that it hands frames to before it';
    return WANTED.find(([isSo]) => !isSo(group))?.[1];
  };
  const own = groups.flatMap((text, index): readonly GroupProblem[] => {
    const group = parseGroup(text, numberOf);
    const fix = fixOf(group);
    if (group) before.add(group.id);
    return fix === undefined ? [] : [{ path: ['groups', index], fix }];
  });
  return [
    ...own,
    ...flows.flatMap((text, index): readonly GroupProblem[] => {
      const id = groupsIn(parseFlow(text).actions).find((one) => !before.has(one));
      return id === undefined
        ? []
        : [
            {
              path: ['flows', index],
              fix: `write group ${id} under \`groups\`, or another action`,
            },
          ];
    }),
  ];
}
