import { z } from 'zod';
import { defineProbe } from '../define.js';
import { groupField, portField, prepareGroup } from '../group.js';

/** A program joins a group of IPv4, and another one sends to it: RFC 3376, RFC 4541, by socat(1). */
export const igmp = defineProbe({
  kind: 'igmp',
  title: 'IPv4 group',
  doc: `socat joins a group on the device of \`to\`, which says so in an IGMP report, and socat at \`from\` then sends datagrams to the group. Where
a bridge that snoops is on the way, the report is looked for up to there too: with a querier such a bridge hands the datagrams only to ports by which it has heard a report.`,
  schema: z.strictObject({
    probe: z.literal('igmp'),
    group: groupField(4).describe(
      'Group that is joined; one of those for documentation (RFC 6676), derived from the check, when left out',
    ),
    port: portField,
  }),
  filter: 'igmp or udp',
  oneWay: true,
  programs: ['socat'],
  prepare: (check, ends, around) =>
    prepareGroup(
      {
        ...{ kind: 'igmp', family: 4, report: 'IGMP report', class: 'igmp' },
        groupOf: (number) => `233.252.0.${2 + (number % 253)}`,
        listens: (port, group, device) =>
          `UDP4-RECV:${port},reuseaddr,so-bindtodevice=${device},ip-add-membership=${group}:${device}`,
        sends: (port, group) => `UDP4-DATAGRAM:${group}:${port},ip-multicast-ttl=1`,
      },
      check,
      ends,
      around,
    ),
});
