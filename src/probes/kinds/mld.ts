import { z } from 'zod';
import { defineProbe } from '../define.js';
import { groupField, portField, prepareGroup } from '../group.js';

/** A program joins a group of IPv6, and another one sends to it: RFC 3810, RFC 4541, by socat(1). */
export const mld = defineProbe({
  kind: 'mld',
  title: 'IPv6 group',
  doc: `What \`igmp\` does with a group of IPv6: socat joins it on the device of \`to\`, which says so in an MLD report, and socat at \`from\` sends
datagrams to the group. A bridge of this machine has no IPv6 address to ask from, so that its own querier asks for groups of IPv4 alone; a bridge in a node asks
for both once its device has such an address, a few seconds after it has begun.`,
  schema: z.strictObject({
    probe: z.literal('mld'),
    group: groupField(6).describe(
      'Group that is joined; one of those for documentation (RFC 6676), derived from the check, when left out',
    ),
    port: portField,
  }),
  // Reports have an extension header before ICMPv6 (RFC 3810, 5), which pcap-filter(7) `icmp6` does not look behind.
  filter: 'ip6',
  oneWay: true,
  programs: ['socat'],
  prepare: (check, ends, around) =>
    prepareGroup(
      {
        ...{ kind: 'mld', family: 6, report: 'MLD report', class: 'mld' },
        groupOf: (number) => `ff05::db8:0:${(1 + (number % 0xfffe)).toString(16)}`,
        listens: (port, group, device) =>
          `UDP6-RECV:${port},reuseaddr,so-bindtodevice=${device},ipv6-join-group=[${group}]:${device}`,
        sends: (port, group) => `UDP6-DATAGRAM:[${group}]:${port}`,
      },
      check,
      ends,
      around,
    ),
});
